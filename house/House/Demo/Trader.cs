using System.Globalization;
using System.Text;
using LiquidityBridge.Exchanges.Fix;
using Venue.Fix;

namespace House.Demo;

/// <summary>One fill of an own order, as the venue reported it.</summary>
/// <param name="Side">'1' buy, '2' sell.</param>
/// <param name="Symbol">Symbol(55).</param>
/// <param name="Quantity">LastQty(32).</param>
/// <param name="Price">LastPx(31).</param>
/// <param name="Fee">MiscFeeAmt(137), in the quote asset; positive when paid.</param>
internal sealed record Fill(char Side, string Symbol, decimal Quantity, decimal Price, decimal Fee);

/// <summary>One own order and what became of it.</summary>
internal sealed class OwnOrder(string clOrdID)
{
    /// <summary>ClOrdID(11).</summary>
    public string ClOrdID { get; } = clOrdID;

    /// <summary>OrdStatus(39); blank before the first report.</summary>
    public char Status { get; set; } = ' ';

    /// <summary>Text(58) of the last report.</summary>
    public string Text { get; set; } = "";

    /// <summary>Its fills.</summary>
    public List<Fill> Fills { get; } = [];

    /// <summary>Nothing more can happen to it.</summary>
    public bool IsDone => Status is '2' or '4' or '8' or 'C';

    /// <summary>Traded so far.</summary>
    public decimal Filled => Fills.Sum(f => f.Quantity);
}

/// <summary>A client's FIX engine, of which the venue knows no more than of any other: logs on, orders, reads the book, counts its fills.</summary>
internal sealed class Trader : IFixPeer, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly FixInitiator _initiator;
    private readonly Dictionary<string, OwnOrder> _orders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _execIDs = new(StringComparer.Ordinal);
    private readonly string _prefix = "DEMO" + DateTime.UtcNow.ToString("HHmmssfff", CultureInfo.InvariantCulture) + "-";
    private int _ids;
    private bool _isUp;
    private string _refusal = "";
    private (decimal Bid, decimal Ask) _top;

    public Trader(string compID, int port, string dictionary)
    {
        CompID = compID;
        using var xml = File.OpenRead(dictionary);
        var settings = new SessionSettings { SenderCompID = compID, TargetCompID = "VENUE", ResetOnLogon = true, HeartBtIntSeconds = 10 };
        _initiator = new FixInitiator("127.0.0.1", port, settings, FixDictionary.Load(xml), new MemoryStore(), this, text => _refusal = text);
        _initiator.Start();
        Wait.For(() => _isUp, Patience, () => $"{CompID} did not get a FIX session at port {port}: {_refusal}");
    }

    /// <summary>SenderCompID(49).</summary>
    public string CompID { get; }

    /// <summary>All fills of this session.</summary>
    public IReadOnlyList<Fill> Fills
    {
        get { lock (_lock) return [.. _orders.Values.SelectMany(o => o.Fills)]; }
    }

    /// <summary>Sends a limit order (D) and waits for the venue's first answer.</summary>
    /// <param name="side">'1' buy, '2' sell.</param>
    /// <param name="symbol">Symbol(55).</param>
    /// <param name="quantity">OrderQty(38).</param>
    /// <param name="price">Price(44).</param>
    /// <param name="timeInForce">TimeInForce(59): '1' good till cancel, '3' immediate or cancel.</param>
    /// <exception cref="StoryException">It was refused.</exception>
    public OwnOrder Place(char side, string symbol, decimal quantity, decimal price, char timeInForce)
    {
        var order = new OwnOrder(_prefix + (++_ids).ToString(CultureInfo.InvariantCulture));
        lock (_lock) _orders[order.ClOrdID] = order;
        var number = _initiator.Send("D"u8, (ref MessageWriter w, long nowNs) =>
        {
            w.Add(11, order.ClOrdID);
            w.Add(55, symbol);
            w.Add(54, side);
            w.AddTime(60, nowNs);
            w.Add(38, quantity.ToString(CultureInfo.InvariantCulture));
            w.Add(40, '2');
            w.Add(44, price.ToString(CultureInfo.InvariantCulture));
            w.Add(59, timeInForce);
        });
        if (number == 0) throw new StoryException($"{CompID} is not logged on: the order was not sent");
        Wait.For(() => order.Status != ' ', Patience, () => $"{CompID}: no answer to order {order.ClOrdID}");
        if (order.Status == '8') throw new StoryException($"{CompID}: the order was refused: {order.Text}");
        if (timeInForce == '3') Wait.For(() => order.IsDone, Patience, () => $"{CompID}: immediate-or-cancel order {order.ClOrdID} is still open");
        return order;
    }

    /// <summary>Waits until the order has ended.</summary>
    public void AwaitEnd(OwnOrder order) => Wait.For(() => order.IsDone, Patience, () => $"{CompID}: order {order.ClOrdID} is still open, {order.Filled} filled");

    /// <summary>Best bid and ask of a book, asked for once (V, W).</summary>
    public (decimal Bid, decimal Ask) Top(string symbol)
    {
        lock (_lock) _top = default;
        _initiator.Send("V"u8, (ref MessageWriter w, long nowNs) =>
        {
            w.Add(262, _prefix + "md" + (++_ids).ToString(CultureInfo.InvariantCulture));
            w.Add(263, '0');
            w.Add(264, 1);
            w.Add(267, 2);
            w.Add(269, '0');
            w.Add(269, '1');
            w.Add(146, 1);
            w.Add(55, symbol);
        });
        Wait.For(() => { lock (_lock) return _top.Bid > 0 && _top.Ask > 0; }, Patience, () => $"{CompID}: no bid and ask of {symbol} {_refusal}");
        lock (_lock) return _top;
    }

    public void Dispose() => _initiator.Dispose();

    void IFixPeer.Up(long nowNs) => _isUp = true;

    void IFixPeer.Down(string reason, long nowNs) => (_isUp, _refusal) = (false, reason);

    void IFixPeer.Poll(long heardNs, long nowNs)
    {
        // Heartbeats watch over the connection.
    }

    void IFixPeer.OnReject(int refSeqNum, string text, long nowNs) => _refusal = text;

    void IFixPeer.On(in Message message, long nowNs)
    {
        lock (_lock)
        {
            switch (Encoding.ASCII.GetString(message.MsgType))
            {
                case "8": Report(message); break;
                case "W": Snapshot(message); break;
                case "j" or "Y": _refusal = Get(message, 58); break;
            }
        }
    }

    private void Report(in Message message)
    {
        if (!_execIDs.Add(Get(message, 17)) || !_orders.TryGetValue(Get(message, 11), out var order)) return;
        order.Text = Get(message, 58);
        if (Get(message, 150) == "F")
        {
            var fee = 0m;
            foreach (var each in message.Groups(136))
                if (each.TryGet(137, out var amount)) fee += Number(Encoding.ASCII.GetString(amount));
            order.Fills.Add(new Fill(Get(message, 54)[0], Get(message, 55), Number(Get(message, 32)), Number(Get(message, 31)), fee));
        }
        order.Status = Get(message, 39)[0];
    }

    private void Snapshot(in Message message)
    {
        foreach (var entry in message.Groups(268))
        {
            entry.TryGetChar(269, out var type);
            entry.TryGet(270, out var price);
            if (type == '0') _top.Bid = Number(Encoding.ASCII.GetString(price));
            else if (type == '1') _top.Ask = Number(Encoding.ASCII.GetString(price));
        }
    }

    private static string Get(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.ASCII.GetString(value) : "";

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
