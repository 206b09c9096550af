using System.Buffers.Text;
using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>TradeCaptureReportRequest (AD) answered with TradeCaptureReportRequestAck (AQ) and TradeCaptureReports (AE): what a firm has traded, by time or by name, and from now on.</summary>
/// <remarks>
/// The core does not look back: a search runs elsewhere over what is durable. Reports are not kept for resend, since they can be
/// asked for again. A reader that falls behind is waited for; by too much, its subscriptions end with an AQ that says so.
/// </remarks>
internal sealed class TradeCapture(Instruments instruments, Directory directory)
{
    private const int ExecutingFirm = 1;   // PartyRole(452)
    private const int SearchesMax = 4;
    /// <summary>A reader with more than this unread is waited for.</summary>
    private const int BehindBytes = 1 << 16;
    private const long DayNs = 86_400_000_000_000;

    // TradeRequestResult(749).
    private const int InvalidInstrument = 1, InvalidParties = 3, Unsupported = 8, NotAuthorized = 9, Other = 99;

    private readonly List<ClientSession> _readers = [];   // those with subscriptions

    /// <summary>Where trades are looked up; null where nothing is kept to look in.</summary>
    public ITradeSearch? Search { get; set; }

    /// <summary>TradeCaptureReportRequest (AD).</summary>
    public void Request(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(568, out var requestId);
        message.TryGetChar(263, out var type);
        var reader = client.Trades;
        reader.Subscriptions.RemoveAll(new Named(requestId.ToArray()).Is);
        if (type == (byte)'2') return;
        if (!TryRead(client, message, requestId, type == (byte)'1', out var query, out var result, out var text)) Refuse(client, message, result, text, nowNs);
        else if (reader.Searches == SearchesMax || Search?.TryBegin(query!) != true) Refuse(client, message, Other, "BUSY|Trades cannot be looked up now; try again", nowNs);
        else
        {
            reader.Searches++;
            if (!query!.Subscribes) return;
            reader.Subscriptions.Add(query);
            if (!_readers.Contains(client)) _readers.Add(client);
        }
    }

    /// <summary>A search is over: its trades are told as the session reads.</summary>
    public static void Searched(TradeQuery query)
    {
        var client = query.Client;
        // It was another connection's: nobody waits for it.
        if (query.Connection is null || client.Connection != query.Connection) return;
        client.Trades.Searches--;
        if (query.IsTooMuch) client.Trades.Subscriptions.Remove(query);
        var found = query.Found!;
        client.Trades.Waiting.Enqueue((query, null, found.Count, false));
        for (var i = 0; i < found.Count; i++) client.Trades.Waiting.Enqueue((query, found[i], found.Count, i == found.Count - 1));
    }

    /// <summary>Something traded just now.</summary>
    public void On(in ExecReport e, int firm)
    {
        if (_readers.Count == 0) return;
        var trade = TradeSide.Of(e, firm);
        foreach (var client in _readers)
            for (var i = client.Trades.Subscriptions.Count - 1; i >= 0; i--)
            {
                var query = client.Trades.Subscriptions[i];
                if (!query.Wants(trade)) continue;
                if (client.Trades.HasRoom) client.Trades.Waiting.Enqueue((query, trade, 0, false));
                else End(client, i);
            }
    }

    /// <summary>The session is gone.</summary>
    public void End(ClientSession client)
    {
        client.Trades.Clear();
        _readers.Remove(client);
    }

    /// <summary>Tells what waits, as far as the session reads.</summary>
    public void Publish(ClientSession client, long nowNs)
    {
        while (client.Connection is { Output.Count: < BehindBytes } && !client.Fix!.IsResending && client.Trades.Waiting.TryDequeue(out var next))
        {
            if (next.Trade is null) Acknowledge(client.Fix, next.Query, next.Total, nowNs);
            else TradeReportEncoder.Write(client.Fix, instruments, directory, next.Query, (next.Trade, next.Total, next.IsLast), nowNs);
        }
    }

    private static void End(ClientSession client, int subscription)
    {
        var query = client.Trades.Subscriptions[subscription];
        client.Trades.Subscriptions.RemoveAt(subscription);
        query.IsTooMuch = true;
        client.Trades.Waiting.Enqueue((query, null, 0, false));
    }

    private bool TryRead(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, bool subscribes, out TradeQuery? query, out int result, out string text)
    {
        query = null;
        (result, text) = (InvalidParties, "PARTY|PartyID(448) with PartyRole(452) 1 is the firm whose trades are meant");
        var firm = client.IsOperator ? 0 : client.Firm;
        foreach (var party in message.Groups(453))
        {
            if (!party.TryGet(448, out var name) || !party.TryGetInt(452, out var role) || role != ExecutingFirm || (firm = directory.FirmOf(name)) == 0) return false;
            (result, text) = (NotAuthorized, "RIGHTS|These are another firm's trades");
            if (!client.IsOperator && firm != client.Firm) return false;
        }
        (result, text) = (InvalidInstrument, "SYMBOL|Symbol(55) is not an instrument of this venue");
        Instrument? instrument = null;
        if (message.TryGet(55, out var symbol) && (instrument = instruments.Find(symbol)) is null) return false;
        (result, text) = (Unsupported, "DATES|NoDates(580): one entry is a TradeDate(75), with TransactTime(60) behind it the moment to begin with; two are the first and the last");
        if (!TryTimes(message, out var fromNs, out var toNs)) return false;
        (result, text) = (Other, "TRDMATCHID|TrdMatchID(880) is an instrument and a number, as in BTC-USD-17");
        long tradeID = 0;
        if (message.TryGet(880, out var match) && !TryMatch(match, ref instrument, out tradeID)) return false;
        message.TryGetChar(54, out var side);
        query = new TradeQuery(client, requestId.ToArray())
        {
            Firm = firm,
            Instrument = instrument?.Id ?? 0,
            Side = side == 0 ? 0 : (Side)(side - '0'),
            FromNs = fromNs,
            ToNs = toNs,
            TradeID = tradeID,
            // An order that is no number of ours has no trades.
            OrderID = message.TryGet(37, out var order) ? Utf8Parser.TryParse(order, out long orderID, out var digits) && digits == order.Length ? orderID : -1 : 0,
            ClOrdID = TextOf(message, 11),
            ExecID = TextOf(message, 17),
            Subscribes = subscribes,
        };
        return true;
    }

    private static string? TextOf(in Message message, int tag) => message.TryGet(tag, out var text) ? Encoding.ASCII.GetString(text) : null;

    /// <summary>A TradeDate is that day, one with a TransactTime all since; two entries are the first and the last, which is meant too.</summary>
    private static bool TryTimes(in Message message, out long fromNs, out long toNs)
    {
        (fromNs, toNs) = (0, long.MaxValue);
        var count = 0;
        foreach (var date in message.Groups(580))
        {
            long ns;
            bool isDay;
            if (date.TryGetTime(60, out ns)) isDay = false;
            else if (date.TryGet(75, out var day) && TermsDecoder.TryDay(day, out ns)) isDay = true;
            else return false;
            if (count == 0) fromNs = ns;
            if (count == 1 || isDay) toNs = isDay ? ns + DayNs : ns + 1;
            count++;
        }
        return count <= 2 && fromNs < toNs;
    }

    private bool TryMatch(ReadOnlySpan<byte> match, ref Instrument? instrument, out long tradeID)
    {
        tradeID = 0;
        var dash = match.LastIndexOf((byte)'-');
        if (dash < 0 || instruments.Find(match[..dash]) is not { } named || (instrument is not null && named != instrument)) return false;
        instrument = named;
        return Utf8Parser.TryParse(match[(dash + 1)..], out tradeID, out var digits) && digits == match.Length - dash - 1 && tradeID > 0;
    }

    private static void Acknowledge(Session fix, TradeQuery query, int total, long nowNs)
    {
        ref var w = ref fix.Begin("AQ"u8, nowNs);
        w.Add(568, query.RequestId);
        w.Add(569, 1);
        if (query.Subscribes) w.Add(263, (byte)'1');
        if (!query.IsTooMuch) w.Add(748, total);
        w.Add(749, query.IsTooMuch ? Other : 0);
        // TradeRequestStatus(750): 0 accepted, reports follow; 1 completed, there is nothing; 2 rejected.
        w.Add(750, query.IsTooMuch ? 2 : total == 0 && !query.Subscribes ? 1 : 0);
        if (query.IsTooMuch) w.Add(58, "TOOMUCH|More than 10000 reports, or not read in time: ask for a shorter time"u8);
        fix.End(keep: false);
    }

    private static void Refuse(ClientSession client, in Message message, int result, string text, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("AQ"u8, nowNs);
        if (message.TryGet(568, out var requestId)) w.Add(568, requestId);
        if (message.TryGet(569, out var type)) w.Add(569, type);
        w.Add(749, result);
        w.Add(750, 2);
        w.Add(58, text);
        client.Fix.End(keep: false);
    }

    private sealed class Named(byte[] requestId)
    {
        public bool Is(TradeQuery query) => query.RequestId.AsSpan().SequenceEqual(requestId);
    }
}
