using System.Globalization;
using System.Text;
using Venue.Fix;

namespace Venue.Host.Terminal;

/// <summary>One own order, as the venue's reports describe it. Numbers stay text: the terminal does no arithmetic.</summary>
public sealed class OwnOrder
{
    public required int Number { get; init; }
    public string ClOrdID { get; set; } = "";
    public string Symbol { get; set; } = "";
    public char Side { get; set; }
    public string Quantity { get; set; } = "";
    public string Price { get; set; } = "";
    public string Filled { get; set; } = "0";
    public string Leaves { get; set; } = "";
    public string Average { get; set; } = "";
    public char Status { get; set; }
    public string Text { get; set; } = "";

    /// <summary>New or partially filled.</summary>
    public bool IsWorking => Status is '0' or '1';
}

/// <summary>What the trader sees: own orders, the watched book, and what happened. Built from FIX messages alone.</summary>
public sealed class Blotter
{
    private const int HappeningsMax = 200;
    private readonly Dictionary<string, OwnOrder> _byClOrdID = [];
    private readonly HashSet<string> _execIDs = [];

    /// <summary>Own orders, oldest first.</summary>
    public List<OwnOrder> Orders { get; } = [];

    /// <summary>Bids, best first: price and quantity.</summary>
    public List<(string Price, string Quantity)> Bids { get; private set; } = [];

    /// <summary>Asks, best first: price and quantity.</summary>
    public List<(string Price, string Quantity)> Asks { get; private set; } = [];

    /// <summary>Price and quantity of the last trade in the watched book.</summary>
    public string LastTrade { get; private set; } = "";

    /// <summary>The watched instrument.</summary>
    public string Symbol { get; set; } = "";

    /// <summary>What happened, newest last.</summary>
    public List<string> Happenings { get; } = [];

    /// <summary>Called with each new happening.</summary>
    public Action<string>? Happened { get; set; }

    /// <summary>The order of this number; null when there is none.</summary>
    public OwnOrder? Find(int number) => number >= 1 && number <= Orders.Count ? Orders[number - 1] : null;

    /// <summary>Something worth a line.</summary>
    public void Say(string text)
    {
        Happenings.Add(text);
        if (Happenings.Count > HappeningsMax) Happenings.RemoveAt(0);
        Happened?.Invoke(text);
    }

    /// <summary>A new own order was sent.</summary>
    public OwnOrder Add(string clOrdID)
    {
        var order = new OwnOrder { Number = Orders.Count + 1, ClOrdID = clOrdID };
        Orders.Add(order);
        _byClOrdID[clOrdID] = order;
        return order;
    }

    /// <summary>A message of the venue.</summary>
    public void On(in Message message)
    {
        switch (Text(message.MsgType))
        {
            case "8": Report(message); break;
            case "9": Say($"refused: {Get(message, 58)} ({Get(message, 41)} is {StatusName(First(message, 39))})"); break;
            case "W": Snapshot(message); break;
            case "j" or "3" or "Y": Say($"refused: {Get(message, 58)}"); break;
        }
    }

    private void Report(in Message message)
    {
        // A resend after a reconnection says again what is known already: ExecID(17) tells.
        if (!_execIDs.Add(Get(message, 17))) return;
        var clOrdID = Get(message, 11);
        var original = Get(message, 41);
        if (!_byClOrdID.TryGetValue(clOrdID, out var order))
        {
            if (original.Length > 0 && _byClOrdID.TryGetValue(original, out order)) _byClOrdID[clOrdID] = order;
            else order = Add(clOrdID);
        }
        order.ClOrdID = clOrdID;
        order.Symbol = Get(message, 55);
        order.Side = First(message, 54);
        order.Status = First(message, 39);
        if (Get(message, 38) is { Length: > 0 } quantity) order.Quantity = quantity;
        if (Get(message, 44) is { Length: > 0 } price) order.Price = price;
        else if (First(message, 40) == '1') order.Price = "market";
        order.Filled = Get(message, 14);
        order.Leaves = Get(message, 151);
        order.Average = Get(message, 6);
        order.Text = Get(message, 58);
        var side = order.Side == '1' ? "buy" : "sell";
        var name = $"#{order.Number} {side} {order.Quantity} {order.Symbol} @ {order.Price}";
        Say(First(message, 150) switch
        {
            'F' => $"FILL {name}: {Get(message, 32)} at {Get(message, 31)}, fee {Fee(message)}; {order.Leaves} left",
            '0' => $"accepted {name}",
            '4' => $"canceled {name}{(order.Text.Length > 0 ? ": " + order.Text : "")}",
            '5' => $"replaced {name}",
            '8' => $"REJECTED {name}: {order.Text}",
            'I' => $"status {name}: {StatusName(order.Status)}, {order.Filled} filled, {order.Leaves} left {order.Text}",
            var other => $"report {other} {name}",
        });
    }

    private void Snapshot(in Message message)
    {
        if (Get(message, 55) != Symbol) return;
        var bids = new List<(string, string)>();
        var asks = new List<(string, string)>();
        foreach (var entry in message.Groups(268))
        {
            entry.TryGetChar(269, out var type);
            entry.TryGet(270, out var price);
            entry.TryGet(271, out var size);
            if (type == '0') bids.Add((Text(price), Text(size)));
            else if (type == '1') asks.Add((Text(price), Text(size)));
            else if (type == '2') LastTrade = $"{Text(size)} at {Text(price)}";
        }
        (Bids, Asks) = (bids, asks);
    }

    /// <summary>OrdStatus(39) in words.</summary>
    public static string StatusName(char status) => status switch
    {
        '0' => "new",
        '1' => "partly filled",
        '2' => "filled",
        '4' => "canceled",
        '8' => "rejected",
        'A' => "pending",
        '\0' => "sent",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };

    private static string Fee(in Message message)
    {
        foreach (var fee in message.Groups(136))
        {
            fee.TryGet(137, out var amount);
            fee.TryGet(138, out var asset);
            return $"{Text(amount)} {Text(asset)}";
        }
        return "none";
    }

    private static string Get(in Message message, int tag) => message.TryGet(tag, out var value) ? Text(value) : "";

    private static char First(in Message message, int tag) => message.TryGetChar(tag, out var value) ? (char)value : '\0';

    private static string Text(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value);
}
