using System.Text;
using LiquidityBridge.Sandbox.Market;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>An exchange that speaks FIX 4.4: sessions, market data, orders.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class FixExchange : ISessionHandler, ILogonCheck, IExchangeEvents
{
    private const int SendBytes = 2 << 20;
    private const long PollNs = 10_000_000;
    private const long LogonTimeoutNs = 10_000_000_000;
    private const int LatencyMaxSeconds = 60;   // Binance's largest RecvWindow
    private const int OrdersMax = 100;          // in a second, of one session: Coinbase Exchange's limit of messages

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly HashSet<FixLine> _lines = [];
    private readonly Dictionary<(string, string), FixMember> _members = [];
    private readonly FixMarketData _marketData;
    private readonly FixQuoting _quoting;
    private readonly FixOrders _orders;
    private readonly RateWindows<FixMember> _rates = new(OrdersMax, 1_000_000_000);

    /// <summary>Speaks for <paramref name="exchange"/> to the members; <paramref name="data"/> is the folder of their numbers, or null.</summary>
    public FixExchange(Exchange exchange, Faults faults, Loop loop, FixDictionary dictionary, IReadOnlyList<FixMember> members, string? data)
    {
        _exchange = exchange;
        _faults = faults;
        _loop = loop;
        _marketData = new FixMarketData(exchange, faults, members);
        _quoting = new FixQuoting(exchange, faults, members);
        _orders = new FixOrders(exchange, faults, _quoting);
        foreach (var member in members)
        {
            var settings = new SessionSettings { SenderCompID = member.OurCompID, TargetCompID = member.TheirCompID, MaxLatencySeconds = LatencyMaxSeconds };
            member.Session = new Session(settings, dictionary, new MemberStore(data is null ? null : Path.Combine(data, $"{member.TheirCompID}-{member.OurCompID}.seq")), this) { Tag = member };
            _members.Add((member.TheirCompID, member.OurCompID), member);
        }
        exchange.Events = this;
        loop.AfterEach(FlushLines);
        loop.Every(PollNs, Poll);
    }

    /// <summary>Connections that are up.</summary>
    public IReadOnlyCollection<FixLine> Lines => _lines;

    /// <summary>A connection was accepted.</summary>
    public void Opened(FixLine line) => _lines.Add(line);

    /// <summary>Bytes came.</summary>
    public void Received(FixLine line, byte[] bytes)
    {
        _exchange.NowNs = _loop.NowNs;
        if (line.Name(bytes) is not { } name) return;
        if (line.Member is null)
        {
            // Unknown names and second connections of a session learn nothing: no answer. A half-open one is given up.
            if (_members.TryGetValue(name, out var member) && member.Line is { IsHalfOpen: true } dead)
            {
                dead.Abort();
                Closed(dead);
            }
            if (member is null || member.Line is not null)
            {
                line.Abort();
                return;
            }
            line.Member = member;
            member.Line = line;
            member.SkewNs = _faults.SkewNs;
            member.Session.Connect(new SendBuffer(SendBytes), member.ByItsClock(_loop.NowNs));
        }
        line.Member.SkewNs = _faults.SkewNs;
        line.Feed(line.Member.Session, line.Member.ByItsClock(_loop.NowNs));
    }

    /// <summary>A connection is gone.</summary>
    public void Closed(FixLine line)
    {
        _lines.Remove(line);
        if (line.Member is not { } member || member.Line != line) return;
        member.Line = null;
        member.Session.Disconnected("closed by the other end", member.ByItsClock(_loop.NowNs));
    }

    /// <summary>Says goodbye to everybody.</summary>
    public void LogoutAll()
    {
        foreach (var member in _members.Values)
            if (member.Line is not null) member.Session.Logout("The sandbox is stopping", member.ByItsClock(_loop.NowNs));
    }

    private void Poll()
    {
        _exchange.NowNs = _loop.NowNs;
        _quoting.Poll();
        foreach (var line in _lines)
        {
            if (line.IsHalfOpen) continue;
            if (line.Member is { } member) member.Session.Poll(member.ByItsClock(_loop.NowNs));
            else if (_loop.NowNs - line.OpenedNs > LogonTimeoutNs) line.Abort();
        }
    }

    private void FlushLines()
    {
        foreach (var line in _lines) line.Flush(_faults.IsMute);
    }

    string? ILogonCheck.Refuse(Session session, in Message logon, long nowNs)
    {
        var member = (FixMember)session.Tag!;
        if (member.Style is { } style) return style.Refuse(logon);
        if (member.Password is not { } password) return null;
        return logon.TryGet(554, out var given) && given.SequenceEqual(Encoding.ASCII.GetBytes(password)) ? null : "Invalid credentials";
    }

    void ISessionHandler.OnLogon(Session session, long nowNs)
    {
    }

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs)
    {
        var member = (FixMember)session.Tag!;
        switch (message.MsgType)
        {
            case [(byte)'D'] when member.Style?.Takes(message) == false:
                session.BusinessReject(message, 5, default, "A tag of this session's orders is missing"u8, nowNs);
                break;
            // Refused before anything of it is looked at, with a business reject as Kraken does it over FIX; a cancel never is (Revolut X).
            case [(byte)'D' or (byte)'G'] when _faults.Take(FaultKind.RateLimit) || !_rates.TryTake(member, _loop.NowNs):
                session.BusinessReject(message, 0, default, "Rate limit exceeded"u8, nowNs);
                break;
            case [(byte)'D' or (byte)'F' or (byte)'G']:
                Order(member, message);
                break;
            case [(byte)'H']:
                _orders.Status(member, message);
                break;
            case [(byte)'V']:
                _marketData.Request(member, message);
                break;
            case [(byte)'R']:
                _quoting.Request(member, message);
                break;
            case [(byte)'x']:
                FixSecurityList.Answer(member, _exchange, _faults, message);
                break;
            default:
                session.BusinessReject(message, 3, default, "Unsupported message type"u8, nowNs);
                break;
        }
    }

    // The message is a view that is gone when this returns: a slow one is taken apart now and done later.
    private void Order(FixMember member, in Message message)
    {
        var request = FixOrderRequest.Read(message);
        if (_faults.Take(FaultKind.SlowAck)) _loop.After(_faults.SlowNs, () => Do(member, request));
        else Do(member, request);
    }

    private void Do(FixMember member, FixOrderRequest request)
    {
        _exchange.NowNs = _loop.NowNs;
        _orders.Do(member, request);
    }

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => End((FixMember)session.Tag!);

    private static void End(FixMember member)
    {
        member.Subscriptions.Clear();
        member.Streams.Clear();
    }

    void IExchangeEvents.OnAccepted(Order order) => _orders.OnAccepted(order);

    void IExchangeEvents.OnFill(Order order, in Fill fill) => _orders.OnFill(order, fill);

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => _orders.OnCanceled(order);

    void IExchangeEvents.OnAmended(Order order) => _orders.OnAmended(order);

    void IExchangeEvents.OnTrade(in Trade trade) => _marketData.OnTrade(trade);

    void IExchangeEvents.OnHalt(Instrument instrument, bool halted) => _marketData.OnHalt(instrument, halted);

    void IExchangeEvents.OnBook(Instrument instrument)
    {
        _marketData.OnBook(instrument);
        _quoting.OnBook(instrument);
    }

    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade)
    {
    }
}
