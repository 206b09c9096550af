namespace EndToEnd;

/// <summary>What one session's execution reports add up to. Refuses the first that does not.</summary>
internal sealed class Blotter(Tape tape)
{
    private readonly Dictionary<string, Order> _orders = [];      // by OrderID(37)
    private readonly Dictionary<string, Order> _byClOrdID = [];
    private readonly List<Order> _open = [];

    /// <summary>An order as the reports so far leave it.</summary>
    public sealed class Order
    {
        /// <summary>ClOrdID(11) of the order or of the last replace.</summary>
        public required string ClOrdID;
        public required string Side;
        public required string Symbol;
        public decimal Quantity;
        public decimal Filled;
        public decimal Notional;
        /// <summary>OrdStatus(39).</summary>
        public string Status = "";
        /// <summary>Place in the list of open orders.</summary>
        internal int Place;

        public bool IsOpen => Status is "0" or "1" or "A";
    }

    /// <summary>Orders that may still trade.</summary>
    public IReadOnlyList<Order> Open => _open;

    /// <summary>The accepted order that had this ClOrdID(11) at some time; null when there is none.</summary>
    public Order? Find(string clOrdID) => _byClOrdID.GetValueOrDefault(clOrdID);

    /// <summary>Takes an ExecutionReport(8); one that was told before must repeat itself and changes nothing.</summary>
    /// <exception cref="AssertionException">It contradicts those before.</exception>
    public void Take(FixMessage report)
    {
        if (!tape.Take(report)) return;
        switch (report[150])
        {
            case "0" or "A":
                Accept(report);
                break;
            case "8" when !_orders.ContainsKey(report[37]):
                Agree(report, report[39] == "8" && report.Number(14) == 0 && report.Number(151) == 0, "a rejected order has no quantities");
                break;
            case "I" when report[37] == "NONE":
                Agree(report, report[39] == "8", "an unknown order is reported as rejected");
                break;
            default:
                Change(report, Known(report));
                break;
        }
    }

    /// <summary>Forgets orders that are done, but for these ClOrdIDs: in a long run they would fill the memory.</summary>
    public void ForgetDone(IReadOnlySet<string> kept)
    {
        foreach (var orders in new[] { _orders, _byClOrdID })
        {
            foreach (var (id, order) in orders)
            {
                if (!order.IsOpen && !kept.Contains(order.ClOrdID)) orders.Remove(id);
            }
        }
    }

    private void Accept(FixMessage report)
    {
        var order = new Order { ClOrdID = report[11], Side = report[54], Symbol = report[55], Quantity = report.Number(38), Status = report[39] };
        Agree(report, _orders.TryAdd(report[37], order), "OrderID(37) was used before");
        Agree(report, _byClOrdID.TryAdd(order.ClOrdID, order), "the order was accepted before");
        Agree(report, report[39] == report[150] && report.Number(14) == 0 && report.Number(6) == 0, "a new order has no fills");
        Agree(report, report.Number(151) == order.Quantity, "LeavesQty = OrderQty");
        order.Place = _open.Count;
        _open.Add(order);
    }

    private void Close(Order order)
    {
        var last = _open[^1];
        _open[order.Place] = last;
        last.Place = order.Place;
        _open.RemoveAt(_open.Count - 1);
    }

    private void Change(FixMessage report, Order order)
    {
        var filled = report.Number(14);
        var wasOpen = order.IsOpen;
        switch (report[150])
        {
            case "F":
                var last = report.Number(32);
                Agree(report, last > 0 && filled == order.Filled + last, "CumQty grows by LastQty");
                order.Filled = filled;
                order.Notional += last * report.Number(31);
                order.Status = filled == order.Quantity ? "2" : "1";
                break;
            case "H":
                Agree(report, report[19].Length > 0, "a report is named that is undone");
                order.Filled -= report.Number(32);
                order.Notional -= report.Number(32) * report.Number(31);
                if (wasOpen) order.Quantity -= report.Number(32);
                order.Status = !wasOpen ? "4" : order.Filled == 0 ? "0" : "1";
                break;
            case "8":
                Agree(report, order.Status == "A", "only a hit that is looked at is refused after it was told");
                order.Status = "8";
                break;
            case "4":
                Agree(report, order.IsOpen, "only an open order is canceled");
                order.Status = "4";
                break;
            case "5":
                Agree(report, order.IsOpen && order.ClOrdID == report[41], "a replace names the open order by its last ClOrdID");
                order.ClOrdID = report[11];
                order.Quantity = report.Number(38);
                order.Status = filled == 0 ? "0" : filled == order.Quantity ? "2" : "1";
                Agree(report, _byClOrdID.TryAdd(order.ClOrdID, order), "the replace was accepted before");
                break;
            case "I":
                break;
            default:
                throw new AssertionException($"unexpected ExecType(150): {report}");
        }
        if (wasOpen && !order.IsOpen) Close(order);
        Agree(report, report[39] == order.Status, $"OrdStatus is {order.Status}");
        Agree(report, report[54] == order.Side && report[55] == order.Symbol && report.Number(38) == order.Quantity, "side, symbol and quantity are the order's");
        Agree(report, filled == order.Filled, $"CumQty is {order.Filled}");
        Agree(report, report.Number(151) == (order.IsOpen ? order.Quantity - filled : 0), "LeavesQty = OrderQty - CumQty while it works, else 0");
        Agree(report, filled == 0 ? report.Number(6) == 0 : Math.Abs(report.Number(6) - order.Notional / filled) < LastDigit(report[6]), $"AvgPx is {order.Notional} / {filled}");
    }

    private Order Known(FixMessage report) =>
        _orders.GetValueOrDefault(report[37]) ?? throw new AssertionException($"a report on an order that was never accepted: {report}");

    private static void Agree(FixMessage report, bool isSo, string rule)
    {
        if (!isSo) throw new AssertionException($"not so: {rule}: {report}");
    }

    /// <summary>One unit of the last digit that a decimal text has.</summary>
    private static decimal LastDigit(string text)
    {
        var point = text.IndexOf('.');
        return point < 0 ? 1 : new decimal(1, 0, 0, false, (byte)(text.Length - point - 1));
    }
}
