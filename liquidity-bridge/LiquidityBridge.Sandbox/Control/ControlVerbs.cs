using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Control;

/// <summary>What scripts can ask for. Runs on the loop's thread.</summary>
internal sealed class ControlVerbs(IReadOnlyList<ExchangeSide> sides, long nowNs)
{
    private const int StepsMax = 100_000, FragmentBytes = 7, ExtraDecimals = 3;

    /// <summary>Does it and answers with a JSON object.</summary>
    /// <exception cref="ControlException">It cannot be done.</exception>
    public byte[] Do(string verb, ControlArguments arguments)
    {
        foreach (var side in sides) side.Exchange.NowNs = nowNs;
        return verb switch
        {
            "status" => Status(),
            "menu" => Menu(),
            "depth" => Depth(Side(arguments), arguments),
            "account" => Account(Side(arguments), arguments),
            "step" => Done(() => Step(arguments)),
            "fault" => Done(() => Fault(Side(arguments), arguments)),
            "book" => Done(() => Book(Side(arguments), arguments)),
            "clear" => Done(() => Clear(Side(arguments), arguments)),
            "trade" => Done(() => Trade(Side(arguments), arguments)),
            "fill" => Done(() => Fill(Side(arguments), arguments)),
            "halt" => Done(() => Halt(Side(arguments), arguments, true)),
            "resume" => Done(() => Halt(Side(arguments), arguments, false)),
            _ => throw new ControlException($"'{verb}' is not a verb"),
        };
    }

    private ExchangeSide Side(ControlArguments arguments)
    {
        var name = arguments.Text("exchange");
        return sides.FirstOrDefault(s => s.Exchange.Name == name) ?? throw new ControlException($"'{name}' is not an exchange: {string.Join(", ", sides.Select(s => s.Exchange.Name))}");
    }

    private static Instrument InstrumentOf(ExchangeSide side, ControlArguments arguments) =>
        side.Exchange.Find(arguments.Text("symbol")) ?? throw new ControlException($"'{arguments.Text("symbol")}' does not trade on {side.Exchange.Name}");

    private static Side SideOf(ControlArguments arguments) => arguments.Text("side") switch
    {
        "buy" => Venue.Messages.Side.Buy,
        "sell" => Venue.Messages.Side.Sell,
        var other => throw new ControlException($"'{other}' is neither buy nor sell"),
    };

    private static byte[] Done(Action action)
    {
        action();
        return Json.Object(w => w.WriteBoolean("ok", true));
    }

    private static void Check(Refusal refusal)
    {
        if (refusal != Refusal.None) throw new ControlException($"refused: {refusal}");
    }

    private byte[] Status() => Json.Object(w =>
    {
        foreach (var side in sides)
        {
            w.WriteStartObject(side.Exchange.Name);
            w.WriteString("endpoint", side.EndPoint);
            w.WriteNumber("connections", side.Connections.Count);
            w.WriteBoolean("frozen", side.Faults.IsFrozen);
            w.WriteNumber("open_orders", side.Exchange.Open.Count());
            w.WriteStartObject("faults");
            foreach (var (fault, count) in Armed(side)) w.WriteNumber(fault, count);
            w.WriteEndObject();
            w.WriteStartObject("books");
            foreach (var instrument in side.Exchange.Instruments)
            {
                var view = new DepthView(side.Exchange, instrument, 5);
                view.Advance();
                w.WriteStartObject(instrument.Symbol);
                w.WriteBoolean("halted", side.Exchange.IsHalted(instrument));
                w.WriteString("bids", Levels(instrument, view.Bids));
                w.WriteString("asks", Levels(instrument, view.Asks));
                w.WriteEndObject();
            }
            w.WriteEndObject();
            w.WriteEndObject();
        }
    });

    // A switch that is on counts as one.
    private static IEnumerable<(string Fault, int Count)> Armed(ExchangeSide side)
    {
        foreach (var item in FaultMenu.Items)
        {
            var count = item.Form == FaultForm.Armed ? side.Faults.Left(item.Kind) : item.Name switch
            {
                "freeze" => side.Faults.IsFrozen ? 1 : 0,
                "no-heartbeats" => side.Faults.IsMute ? 1 : 0,
                "fragments" => side.IsFragmenting ? 1 : 0,
                "clock-skew" => side.Faults.SkewNs != 0 ? 1 : 0,
                "decimals" => side.Faults.ExtraDecimals != 0 ? 1 : 0,
                _ => 0,
            };
            if (count > 0) yield return (item.Name, count);
        }
    }

    private static byte[] Menu() => Json.Object(w =>
    {
        w.WriteStartArray("faults");
        foreach (var item in FaultMenu.Items)
        {
            w.WriteStartObject();
            w.WriteString("name", item.Name);
            w.WriteString("form", item.Form switch { FaultForm.Armed => "armed", FaultForm.Switch => "switch", _ => "act" });
            w.WriteString("about", item.About);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static byte[] Account(ExchangeSide side, ControlArguments arguments)
    {
        var name = arguments.Text("account");
        var account = side.Accounts.FirstOrDefault(a => a.Name == name) ?? throw new ControlException($"{side.Exchange.Name} has no account '{name}'");
        return Json.Object(w =>
        {
            w.WriteNumber("open_orders", side.Exchange.Open.Count(o => o.Account == account));
            w.WriteStartObject("balances");
            foreach (var (asset, balance) in account.Balances) w.WriteString(asset, Decimals.Trimmed(balance.Total, Instrument.AtomDecimals));
            w.WriteEndObject();
        });
    }

    // The book itself, whatever the feed has told of it.
    private static byte[] Depth(ExchangeSide side, ControlArguments arguments)
    {
        var instrument = InstrumentOf(side, arguments);
        var view = new DepthView(side.Exchange, instrument, arguments.Integer("levels", 25));
        view.Advance();
        return Json.Object(w =>
        {
            w.WriteString("bids", Levels(instrument, view.Bids));
            w.WriteString("asks", Levels(instrument, view.Asks));
        });
    }

    private static string Levels(Instrument instrument, IEnumerable<(long Ticks, long Lots)> levels) =>
        string.Join(' ', levels.Select(l => $"{instrument.Quantity(l.Lots)}@{instrument.Price(l.Ticks)}"));

    private void Step(ControlArguments arguments)
    {
        var count = arguments.Integer("count", 1);
        if (count > StepsMax) throw new ControlException($"'count' is at most {StepsMax}");
        for (var n = 0; n < count; n++)
            foreach (var side in sides) side.Step(nowNs);
    }

    private static void Book(ExchangeSide side, ControlArguments arguments)
    {
        var instrument = InstrumentOf(side, arguments);
        foreach (var level in arguments.List("levels"))
            Check(side.House.Quote(instrument, SideOf(level), level.Scaled("price", instrument.PriceDecimals), level.Scaled("qty", instrument.QtyDecimals)));
    }

    private static void Clear(ExchangeSide side, ControlArguments arguments) => side.House.Clear(InstrumentOf(side, arguments));

    private static void Trade(ExchangeSide side, ControlArguments arguments)
    {
        var instrument = InstrumentOf(side, arguments);
        Check(side.House.Take(instrument, SideOf(arguments), arguments.Scaled("price", instrument.PriceDecimals, 0), arguments.Scaled("qty", instrument.QtyDecimals)));
    }

    private static void Fill(ExchangeSide side, ControlArguments arguments)
    {
        var id = arguments.OptionalText("order_id");
        var clOrdID = id is null ? arguments.Text("cl_ord_id") : null;
        var order = id is not null
            ? side.Exchange.Find(side.Connections.OrderNumber(id))
            : side.Exchange.Open.FirstOrDefault(o => o.ClOrdID == clOrdID);
        if (order is null) throw new ControlException($"no open order '{id ?? clOrdID}' on {side.Exchange.Name}");
        Check(side.Exchange.FillNow(order, arguments.Scaled("qty", order.Instrument.QtyDecimals, order.Leaves)));
    }

    private static void Halt(ExchangeSide side, ControlArguments arguments, bool halted) => side.Exchange.Halt(InstrumentOf(side, arguments), halted);

    private static void Fault(ExchangeSide side, ControlArguments arguments)
    {
        var name = arguments.Text("fault");
        switch (name)
        {
            case "freeze":
                side.Faults.IsFrozen = arguments.Flag("on", true);
                if (!side.Faults.IsFrozen) side.Exchange.Touch();
                break;
            case "disconnect":
                side.Connections.Disconnect();
                break;
            case "half-open":
                side.Connections.HalfOpen();
                break;
            case "shutdown":
                side.Connections.Shutdown();
                break;
            case "expire-tokens":
                side.Connections.ExpireTokens();
                break;
            case "no-heartbeats":
                side.Faults.IsMute = arguments.Flag("on", true);
                break;
            case "slow-consumer":
                side.Connections.CloseSlow();
                break;
            case "fragments":
                side.IsFragmenting = arguments.Flag("on", true);
                side.Connections.Fragment(side.IsFragmenting ? FragmentBytes : 0);
                break;
            case "clock-skew":
                side.Faults.SkewNs = arguments.Integer("ms", 60_000) * 1_000_000L;
                break;
            case "decimals":
                side.Faults.ExtraDecimals = arguments.Flag("on", true) ? ExtraDecimals : 0;
                side.Connections.Announce();
                break;
            case "none":
                side.Faults.Clear();
                side.IsFragmenting = false;
                side.Connections.Fragment(0);
                side.Connections.Announce();
                side.Exchange.Touch();
                break;
            default:
                var kind = FaultMenu.Kind(name) ?? throw new ControlException($"'{name}' is not a fault");
                side.Faults.SlowNs = arguments.Integer("ms", 1000) * 1_000_000L;
                side.Faults.RejectText = arguments.OptionalText("text");
                side.Faults.Arm(kind, arguments.Integer("count", 1));
                break;
        }
    }
}
