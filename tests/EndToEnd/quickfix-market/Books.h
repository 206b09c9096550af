// Books of one instrument as a client keeps them from W and X: by level and by order. Every message is proven by RptSeq(83) and BookChecksum(8020).
#pragma once

#include <quickfix/Message.h>

#include <cstdint>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

namespace books
{

/// Digits without the point, as a whole number: exact.
inline std::int64_t units(const std::string& decimal)
{
    std::int64_t value = 0;
    for (char c : decimal)
        if (c != '.') value = value * 10 + (c - '0');
    return value;
}

class Crc32
{
public:
    void add(std::int64_t number)
    {
        for (char c : std::to_string(number)) m_value = table()[(m_value ^ static_cast<unsigned char>(c)) & 255] ^ (m_value >> 8);
    }

    std::uint32_t value() const { return ~m_value; }

private:
    static const std::uint32_t* table()
    {
        static std::uint32_t entries[256];
        static const bool made = [] {
            for (std::uint32_t i = 0; i < 256; i++)
            {
                std::uint32_t crc = i;
                for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
                entries[i] = crc;
            }
            return true;
        }();
        (void)made;
        return entries;
    }

    std::uint32_t m_value = 0xFFFFFFFFu;
};

using Bids = std::map<std::int64_t, std::int64_t, std::greater<std::int64_t>>;
using Asks = std::map<std::int64_t, std::int64_t>;

/// Kraken's rule: asks, then bids, the ten best of each, price and quantity without point and leading zeros.
inline std::uint32_t checksum(const Asks& asks, const Bids& bids)
{
    Crc32 crc;
    int n = 0;
    for (auto level = asks.begin(); level != asks.end() && n < 10; ++level, ++n) crc.add(level->first), crc.add(level->second);
    n = 0;
    for (auto level = bids.begin(); level != bids.end() && n < 10; ++level, ++n) crc.add(level->first), crc.add(level->second);
    return crc.value();
}

/// Fields of one entry of the group NoMDEntries(268).
struct Entry
{
    char action;        // MDUpdateAction(279); in a snapshot 0
    char type;          // MDEntryType(269)
    std::int64_t id;    // MDEntryID(278); 0 for none
    std::int64_t price;
    std::int64_t size;
};

class Book
{
public:
    virtual ~Book() = default;

    /// Takes a W or an X; throws when something is not as it must be.
    void take(const FIX::Message& message, bool isSnapshot)
    {
        const std::int64_t rptSeq = std::stoll(message.getField(83));
        if (isSnapshot && !m_inSnapshot) clear();
        if (!isSnapshot && (m_inSnapshot || rptSeq != m_rptSeq + 1)) fail("RptSeq " + std::to_string(rptSeq) + " after " + std::to_string(m_rptSeq));
        m_inSnapshot = isSnapshot && message.isSetField(893) && message.getField(893) == "N";
        m_rptSeq = rptSeq;
        (isSnapshot ? snapshots : increments)++;
        const int count = std::stoi(message.getField(268));
        FIX::Group group(268, isSnapshot ? 269 : 279);
        for (int i = 1; i <= count; i++)
        {
            message.getGroup(i, group);
            Entry entry{ isSnapshot ? '0' : group.getField(279)[0], group.getField(269)[0], group.isSetField(278) ? std::stoll(group.getField(278)) : 0,
                group.isSetField(270) ? units(group.getField(270)) : 0, group.isSetField(271) ? units(group.getField(271)) : 0 };
            if (entry.type == '0' || entry.type == '1') apply(entry);
            else if (!isSnapshot) trades++;
        }
        // An update too large for one message comes in parts; only the last proves the book, and with it those before.
        parts++;
        if (!message.isSetField(8020)) return;
        proven += parts;
        parts = 0;
        const std::uint32_t own = checksum(asks, bids);
        if (std::to_string(own) != message.getField(8020)) fail("checksum " + message.getField(8020) + ", own " + std::to_string(own) + " at RptSeq " + std::to_string(rptSeq));
    }

    /// The book for comparison.
    virtual std::string text() const = 0;

    long snapshots = 0, increments = 0, proven = 0, trades = 0;
    // Messages since the last proof.
    long parts = 0;

protected:
    virtual void apply(const Entry& entry) = 0;

    virtual void clear()
    {
        bids.clear();
        asks.clear();
    }

    [[noreturn]] static void fail(const std::string& text) { throw std::runtime_error(text); }

    Bids bids;
    Asks asks;

private:
    std::int64_t m_rptSeq = -1;
    bool m_inSnapshot = false;
};

class Levels final : public Book
{
public:
    std::string text() const override
    {
        std::ostringstream out;
        for (const auto& level : bids) out << level.first << 'x' << level.second << ' ';
        out << '/';
        for (const auto& level : asks) out << ' ' << level.first << 'x' << level.second;
        return out.str();
    }

protected:
    void apply(const Entry& entry) override
    {
        if (entry.type == '0') put(bids, entry);
        else put(asks, entry);
    }

private:
    template <typename Side>
    void put(Side& side, const Entry& entry)
    {
        const bool isThere = side.count(entry.price) > 0;
        if (isThere != (entry.action != '0')) fail("action " + std::string(1, entry.action) + " of level " + std::to_string(entry.price));
        if (entry.action == '2') side.erase(entry.price);
        else side[entry.price] = entry.size;
    }
};

class Orders final : public Book
{
public:
    std::string text() const override
    {
        std::ostringstream out;
        queues(out, m_bidQueues);
        out << '/';
        queues(out, m_askQueues);
        return out.str();
    }

protected:
    void clear() override
    {
        Book::clear();
        m_bidQueues.clear();
        m_askQueues.clear();
    }

    void apply(const Entry& entry) override
    {
        if (entry.type == '0') put(m_bidQueues, bids, entry);
        else put(m_askQueues, asks, entry);
    }

private:
    using Queue = std::map<std::int64_t, std::int64_t>;   // by number: at one price lower ones trade first

    template <typename Queues>
    static void queues(std::ostringstream& out, const Queues& all)
    {
        for (const auto& level : all)
            for (const auto& entry : level.second) out << ' ' << entry.first << ':' << entry.second << '@' << level.first;
        out << ' ';
    }

    template <typename Queues, typename Side>
    static void put(Queues& queues, Side& side, const Entry& entry)
    {
        auto& queue = queues[entry.price];
        const auto found = queue.find(entry.id);
        if ((found != queue.end()) != (entry.action != '0')) fail("action " + std::string(1, entry.action) + " of entry " + std::to_string(entry.id));
        if (entry.action == '0' && !queue.empty() && queue.rbegin()->first > entry.id) fail("entry " + std::to_string(entry.id) + " is not last");
        auto& total = side[entry.price];
        total += entry.size - (found == queue.end() ? 0 : found->second);
        if (entry.action == '2') queue.erase(found);
        else queue[entry.id] = entry.size;
        if (!queue.empty()) return;
        queues.erase(entry.price);
        side.erase(entry.price);
    }

    std::map<std::int64_t, Queue, std::greater<std::int64_t>> m_bidQueues;
    std::map<std::int64_t, Queue> m_askQueues;
};

} // namespace books
