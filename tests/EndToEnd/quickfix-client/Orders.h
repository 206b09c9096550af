// Commands as FIX 4.4 messages. Values go through as the text that was given: the tests send wrong ones on purpose.
#pragma once

#include <quickfix/Fields.h>
#include <quickfix/Message.h>

#include <sstream>
#include <stdexcept>
#include <string>

namespace orders
{

inline std::string next(std::istringstream& words, const char* what)
{
    std::string word;
    if (!(words >> word)) throw std::invalid_argument(std::string("command lacks ") + what);
    return word;
}

inline std::string sideCode(const std::string& word)
{
    if (word == "buy") return "1";
    if (word == "sell") return "2";
    throw std::invalid_argument("side is buy or sell, not " + word);
}

inline std::string timeInForceCode(const std::string& word)
{
    if (word == "gtc") return "1";
    if (word == "ioc") return "3";
    if (word == "fok") return "4";
    throw std::invalid_argument("time in force is gtc, ioc or fok, not " + word);
}

inline FIX::Message ofType(const std::string& msgType)
{
    FIX::Message message;
    message.getHeader().setField(FIX::FIELD::MsgType, msgType);
    return message;
}

/// `new CLORDID buy|sell SYMBOL QTY market|limit [PRICE] [gtc|ioc|fok]`
inline FIX::Message newOrder(std::istringstream& words)
{
    FIX::Message message = ofType("D");
    message.setField(FIX::FIELD::ClOrdID, next(words, "CLORDID"));
    message.setField(FIX::FIELD::Side, sideCode(next(words, "side")));
    message.setField(FIX::FIELD::Symbol, next(words, "SYMBOL"));
    message.setField(FIX::FIELD::OrderQty, next(words, "QTY"));
    const std::string type = next(words, "market or limit");
    if (type != "market" && type != "limit") throw std::invalid_argument("order type is market or limit, not " + type);
    message.setField(FIX::FIELD::OrdType, type == "market" ? "1" : "2");
    if (type == "limit") message.setField(FIX::FIELD::Price, next(words, "PRICE"));
    std::string timeInForce;
    if (words >> timeInForce) message.setField(FIX::FIELD::TimeInForce, timeInForceCode(timeInForce));
    message.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
    return message;
}

/// `cancel CLORDID ORIG buy|sell SYMBOL [QTY]`, and `replace CLORDID ORIG buy|sell SYMBOL QTY PRICE`
inline FIX::Message change(const std::string& msgType, std::istringstream& words)
{
    FIX::Message message = ofType(msgType);
    message.setField(FIX::FIELD::ClOrdID, next(words, "CLORDID"));
    message.setField(FIX::FIELD::OrigClOrdID, next(words, "ORIG"));
    message.setField(FIX::FIELD::Side, sideCode(next(words, "side")));
    message.setField(FIX::FIELD::Symbol, next(words, "SYMBOL"));
    std::string quantity;
    if (words >> quantity) message.setField(FIX::FIELD::OrderQty, quantity);
    if (msgType == "G")
    {
        message.setField(FIX::FIELD::OrdType, "2");
        message.setField(FIX::FIELD::Price, next(words, "PRICE"));
    }
    message.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
    return message;
}

/// `status CLORDID buy|sell SYMBOL`
inline FIX::Message status(std::istringstream& words)
{
    FIX::Message message = ofType("H");
    message.setField(FIX::FIELD::ClOrdID, next(words, "CLORDID"));
    message.setField(FIX::FIELD::Side, sideCode(next(words, "side")));
    message.setField(FIX::FIELD::Symbol, next(words, "SYMBOL"));
    return message;
}

/// Sets the fields of "tag=val|tag=val" where they belong.
inline void addFields(FIX::Message& message, const std::string& fields)
{
    std::istringstream rest(fields);
    std::string field;
    while (std::getline(rest, field, '|'))
    {
        const auto equals = field.find('=');
        if (equals == std::string::npos) throw std::invalid_argument("not tag=value: " + field);
        const int tag = std::stoi(field.substr(0, equals));
        FIX::FieldMap& part = FIX::Message::isHeaderField(tag) ? static_cast<FIX::FieldMap&>(message.getHeader()) : message;
        part.setField(tag, field.substr(equals + 1));
    }
}

/// `raw MSGTYPE tag=val|tag=val`: no field is added but the header's own.
inline FIX::Message raw(std::istringstream& words)
{
    FIX::Message message = ofType(next(words, "MSGTYPE"));
    std::string fields;
    std::getline(words >> std::ws, fields);
    addFields(message, fields);
    return message;
}

inline FIX::Message fromCommand(const std::string& verb, std::istringstream& words)
{
    if (verb == "new") return newOrder(words);
    if (verb == "cancel") return change("F", words);
    if (verb == "replace") return change("G", words);
    if (verb == "status") return status(words);
    if (verb == "raw") return raw(words);
    throw std::invalid_argument("unknown command " + verb);
}

} // namespace orders
