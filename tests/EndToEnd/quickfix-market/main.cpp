// A reader of market data on QuickFIX: keeps the books of instruments by level and by order, and proves them after every message.
// Lines in: watch SYMBOL, settle NAME, report, book levels|orders SYMBOL, quit. Lines out: READY, LOGON, SETTLED name, REPORT ..., BOOK ..., FAULT text.

#include <quickfix/Application.h>
#include <quickfix/MessageStore.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/ThreadedSocketInitiator.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>

#include "Books.h"

namespace
{

void say(const std::string& line)
{
    static std::mutex mutex;
    std::lock_guard<std::mutex> lock(mutex);
    std::cout << line << '\n' << std::flush;
}

class Reader final : public FIX::Application
{
public:
    void onCreate(const FIX::SessionID&) override {}
    void onLogon(const FIX::SessionID&) override { say("LOGON"); }
    void onLogout(const FIX::SessionID&) override { say("FAULT logged out"); }
    void toAdmin(FIX::Message&, const FIX::SessionID&) override {}
    void toApp(FIX::Message&, const FIX::SessionID&) throw(FIX::DoNotSend) override {}

    void fromAdmin(const FIX::Message& message, const FIX::SessionID&)
        throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override
    {
        const std::string type = message.getHeader().getField(35);
        if (type == "0" && message.isSetField(112)) say("SETTLED " + message.getField(112));
        if (type == "3") say("FAULT rejected: " + message.toString());
    }

    void fromApp(const FIX::Message& message, const FIX::SessionID&)
        throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override
    {
        const std::string type = message.getHeader().getField(35);
        if (type != "W" && type != "X")
        {
            say("FAULT did not expect " + message.toString());
            return;
        }
        std::lock_guard<std::mutex> lock(m_mutex);
        try
        {
            bookOf(message.getField(262)).take(message, type == "W");
        }
        catch (const std::exception& e)
        {
            say("FAULT " + message.getField(262) + ": " + e.what());
        }
    }

    void add(const std::string& name, std::unique_ptr<books::Book> book)
    {
        std::lock_guard<std::mutex> lock(m_mutex);
        m_books[name] = std::move(book);
    }

    std::string text(const std::string& name)
    {
        std::lock_guard<std::mutex> lock(m_mutex);
        return bookOf(name).text();
    }

    std::string report()
    {
        std::lock_guard<std::mutex> lock(m_mutex);
        long increments = 0, proven = 0, snapshots = 0, trades = 0;
        for (const auto& book : m_books)
        {
            increments += book.second->increments;
            proven += book.second->proven;
            snapshots += book.second->snapshots;
            trades += book.second->trades;
        }
        std::ostringstream out;
        out << "REPORT increments=" << increments << " snapshots=" << snapshots << " proven=" << proven << " trades=" << trades;
        return out.str();
    }

private:
    books::Book& bookOf(const std::string& name)
    {
        const auto found = m_books.find(name);
        if (found == m_books.end()) throw std::runtime_error("no book " + name);
        return *found->second;
    }

    std::mutex m_mutex;
    std::map<std::string, std::unique_ptr<books::Book>> m_books;
};

FIX::SessionSettings settings(std::map<std::string, std::string>& a)
{
    std::istringstream text(
        "[DEFAULT]\nConnectionType=initiator\nReconnectInterval=1\nSocketNodelay=Y\nStartTime=00:00:00\nEndTime=00:00:00\nStartDay=sunday\nEndDay=sunday\n"
        "ResetOnLogon=Y\nHeartBtInt=30\nDataDictionary=" + a["--dictionary"] + "\n"
        "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=" + a["--sender"] + "\nTargetCompID=VENUE\nSocketConnectHost=127.0.0.1\nSocketConnectPort=" + a["--port"] + "\n");
    return FIX::SessionSettings(text);
}

FIX::Message request(const std::string& id, const std::string& symbol, const char* aggregated)
{
    FIX::Message message;
    message.getHeader().setField(35, "V");
    message.setField(262, id);
    message.setField(263, "1");
    message.setField(264, "0");
    message.setField(265, "1");
    message.setField(266, aggregated);
    for (const char* type : { "0", "1", "2" })
    {
        FIX::Group entry(267, 269);
        entry.setField(269, type);
        message.addGroup(entry);
    }
    FIX::Group instrument(146, 55);
    instrument.setField(55, symbol);
    message.addGroup(instrument);
    return message;
}

bool obey(const std::string& line, FIX::Session& session, Reader& reader)
{
    std::istringstream words(line);
    std::string verb, name, symbol;
    words >> verb >> name >> symbol;
    if (verb == "quit") return false;
    if (verb == "report") say(reader.report());
    else if (verb == "book") say("BOOK " + name + " " + symbol + " " + reader.text(name + ":" + symbol));
    else if (verb == "settle")
    {
        FIX::Message message;
        message.getHeader().setField(35, "1");
        message.setField(112, name);
        session.send(message);
    }
    else if (verb == "watch")
    {
        reader.add("levels:" + name, std::unique_ptr<books::Book>(new books::Levels));
        reader.add("orders:" + name, std::unique_ptr<books::Book>(new books::Orders));
        FIX::Message levels = request("levels:" + name, name, "Y"), orders = request("orders:" + name, name, "N");
        session.send(levels);
        session.send(orders);
    }
    else say("FAULT no command " + verb);
    return true;
}

} // namespace

int main(int count, char** values)
try
{
    std::map<std::string, std::string> arguments;
    for (int i = 1; i + 1 < count; i += 2) arguments[values[i]] = values[i + 1];
    const FIX::SessionSettings all = settings(arguments);
    Reader reader;
    FIX::MemoryStoreFactory stores;
    FIX::ThreadedSocketInitiator initiator(reader, stores, all);
    FIX::Session* session = FIX::Session::lookupSession(*all.getSessions().begin());
    initiator.start();
    say("READY");
    std::string line;
    for (bool running = true; running && std::getline(std::cin, line);)
    {
        try
        {
            running = obey(line, *session, reader);
        }
        catch (const std::exception& e)
        {
            say(std::string("FAULT ") + e.what());
        }
    }
    std::_Exit(0);
}
catch (const std::exception& e)
{
    say(std::string("FAULT ") + e.what());
    return 1;
}
