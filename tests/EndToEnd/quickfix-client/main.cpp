// A FIX 4.4 client, or with --accept Y an acceptor, on QuickFIX, driven by lines: commands come in on stdin, one line per happening goes out on stdout.
// tests/EndToEnd/README.md has the commands and the lines; jspurefix-client speaks the same.

#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/Log.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/ThreadedSocketAcceptor.h>
#include <quickfix/ThreadedSocketInitiator.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fstream>
#include <unistd.h>

#include "Orders.h"

namespace
{

/// Whole lines only, flushed at once: the engine's threads and the command loop all report here.
void say(const std::string& line)
{
    static std::mutex mutex;
    std::lock_guard<std::mutex> lock(mutex);
    std::cout << line << '\n' << std::flush;
}

std::string withBars(std::string message)
{
    std::replace(message.begin(), message.end(), '\001', '|');
    return message;
}

/// The engine hands every message to its log before it looks at it, so that refused and duplicate ones show too.
class Transcript final : public FIX::Log
{
public:
    void clear() override {}
    void backup() override {}
    void onIncoming(const std::string& message) override { say("IN " + withBars(message)); }
    void onOutgoing(const std::string& message) override { say("OUT " + withBars(message)); }
    void onEvent(const std::string& text) override { say("NOTE " + text); }
};

class Transcripts final : public FIX::LogFactory
{
public:
    FIX::Log* create() override { return new Transcript; }
    FIX::Log* create(const FIX::SessionID&) override { return new Transcript; }
    void destroy(FIX::Log* log) override { delete log; }
};

class Client final : public FIX::Application
{
public:
    /// Fields that are added to every Logon: "8013=S|553=name".
    explicit Client(std::string logon) : m_logon(std::move(logon)) {}

    void onCreate(const FIX::SessionID&) override {}
    void onLogon(const FIX::SessionID&) override { say("LOGON"); }
    // QuickFIX calls this for every end of a connection on which it had sent a Logon, orderly or not.
    void onLogout(const FIX::SessionID&) override { say("DISCONNECT"); }
    void toAdmin(FIX::Message& message, const FIX::SessionID&) override
    {
        if (message.getHeader().getField(FIX::FIELD::MsgType) == "A") orders::addFields(message, m_logon);
    }

    void toApp(FIX::Message&, const FIX::SessionID&) throw(FIX::DoNotSend) override {}
    /// A hit that the venue asks a provider about is answered here, on the engine's own thread: the hold time is short.
    void fromApp(const FIX::Message& message, const FIX::SessionID& session)
        throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override
    {
        const std::string fields = look();
        if (fields.empty() || message.getHeader().getField(FIX::FIELD::MsgType) != "AJ") return;
        FIX::Message answer = orders::ofType("AI");
        for (const int tag : { FIX::FIELD::QuoteRespID, FIX::FIELD::QuoteID, FIX::FIELD::Symbol }) answer.setField(tag, message.getField(tag));
        orders::addFields(answer, fields);
        FIX::Session::sendToTarget(answer, session);
    }

    /// What is added to a QuoteStatusReport (AI) that answers a hit; empty to say nothing.
    void look(std::string fields)
    {
        std::lock_guard<std::mutex> lock(m_mutex);
        m_look = std::move(fields);
    }

    void fromAdmin(const FIX::Message& message, const FIX::SessionID&)
        throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override
    {
        if (message.getHeader().getField(FIX::FIELD::MsgType) != "5") return;
        say("LOGOUT " + (message.isSetField(FIX::FIELD::Text) ? message.getField(FIX::FIELD::Text) : std::string()));
    }

private:
    std::string look()
    {
        std::lock_guard<std::mutex> lock(m_mutex);
        return m_look;
    }

    const std::string m_logon;
    std::mutex m_mutex;
    std::string m_look;
};

using Arguments = std::map<std::string, std::string>;

Arguments parse(int count, char** values)
{
    Arguments arguments;
    for (int i = 1; i + 1 < count; i += 2) arguments[values[i]] = values[i + 1];
    if (arguments.count("--settings")) return arguments;
    for (const char* name : { "--host", "--port", "--sender", "--target", "--store", "--dictionary", "--heartbeat", "--reset" })
        if (!arguments.count(name)) throw std::invalid_argument(std::string("missing argument ") + name);
    return arguments;
}

FIX::SessionSettings settings(Arguments a)
{
    if (a.count("--settings"))
    {
        // A file as it is; what it names is beside it.
        const std::string& path = a["--settings"];
        const std::string folder = path.substr(0, path.find_last_of('/'));
        if (chdir(folder.c_str()) != 0) throw std::invalid_argument("no folder " + folder);
        std::ifstream file(path);
        return FIX::SessionSettings(file);
    }
    const bool accepts = a["--accept"] == "Y";
    std::istringstream text(
        "[DEFAULT]\n"
        + std::string(accepts ? "ConnectionType=acceptor\nSocketAcceptPort=" + a["--port"] + "\n" : "ConnectionType=initiator\n") +
        "ReconnectInterval=1\n"
        "SocketNodelay=Y\n"
        // A week without a change of session, so that the sequence numbers never start again by themselves.
        "StartDay=sunday\nStartTime=00:00:00\nEndDay=sunday\nEndTime=00:00:00\n"
        "FileStorePath=" + a["--store"] + "\n"
        "DataDictionary=" + a["--dictionary"] + "\n"
        "HeartBtInt=" + a["--heartbeat"] + "\n"
        "ResetOnLogon=" + a["--reset"] + "\n"
        "[SESSION]\n"
        "BeginString=FIX.4.4\n"
        "SenderCompID=" + a["--sender"] + "\n"
        "TargetCompID=" + a["--target"] + "\n"
        "SocketConnectHost=" + a["--host"] + "\n"
        "SocketConnectPort=" + a["--port"] + "\n");
    return FIX::SessionSettings(text);
}

/// Does one command; false when the client is to end.
bool obey(const std::string& line, FIX::Session& session, Client& client, bool accepts)
{
    std::istringstream words(line);
    std::string verb;
    words >> verb;

    if (verb == "quit") return false;
    if (verb == "connect") session.logon();          // the initiator's own thread connects within its interval of 1 s
    else if (verb == "logout") session.logout();     // and this sends Logout within 1 s
    else if (verb == "look")
    {
        std::string fields;
        words >> fields;
        client.look(fields);
    }
    else if (verb == "kill")
    {
        session.disconnect();
        if (!accepts) session.logout();              // after it: there is no connection left to say goodbye on
    }
    else
    {
        FIX::Message message = orders::fromCommand(verb, words);
        if (!session.send(message)) say("ERROR not sent: " + line);
    }
    return true;
}

} // namespace

int main(int count, char** values)
try
{
    const Arguments arguments = parse(count, values);
    const FIX::SessionSettings all = settings(arguments);
    Client client(arguments.count("--logon") ? arguments.at("--logon") : std::string());
    FIX::FileStoreFactory stores(all);
    Transcripts transcripts;
    const bool accepts = arguments.count("--accept") && arguments.at("--accept") == "Y";
    std::unique_ptr<FIX::Initiator> initiator;
    std::unique_ptr<FIX::Acceptor> acceptor;
    if (accepts) acceptor.reset(new FIX::ThreadedSocketAcceptor(client, stores, all, transcripts));
    else initiator.reset(new FIX::ThreadedSocketInitiator(client, stores, all, transcripts));

    FIX::Session* session = FIX::Session::lookupSession(*all.getSessions().begin());
    if (accepts)
    {
        acceptor->start();
    }
    else
    {
        session->logout();                           // stays away until the first `connect`
        initiator->start();
    }
    say("READY");

    std::string line;
    for (bool running = true; running && std::getline(std::cin, line);)
    {
        try
        {
            running = obey(line, *session, client, accepts);
        }
        catch (const std::exception& e)
        {
            say(std::string("ERROR ") + e.what());
        }
    }
    // The files of the store are flushed with every message, and an end without Logout is what a crash looks like.
    std::_Exit(0);
}
catch (const std::exception& e)
{
    say(std::string("ERROR ") + e.what());
    return 1;
}
