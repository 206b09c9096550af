using System.Text;
using LiquidityBridge.Sandbox.Market;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>Orders over FIX: D, F, G, H in; ExecutionReport(8) and OrderCancelReject(9) out.</summary>
/// <remarks>Orders outlive their session: there is no cancel on disconnect. Reports of that time come with the next logon.</remarks>
internal sealed class FixOrders(Exchange exchange, Faults faults, FixQuoting quoting)
{
    private string _requestID = "", _origID = "";   // of the F or G at hand
    private bool _ackIsLost, _ackIsLate;
    private long _reports = exchange.FirstNumber;

    /// <summary>Does one D, F or G.</summary>
    public void Do(FixMember member, FixOrderRequest request)
    {
        switch (request.Type)
        {
            case 'D':
                Enter(member, request);
                break;
            case 'F':
                Cancel(member, request);
                break;
            default:
                Replace(member, request);
                break;
        }
    }

    /// <summary>OrderStatusRequest(H).</summary>
    public void Status(FixMember member, in Message message)
    {
        var request = FixOrderRequest.Read(message);
        if (member.Orders.TryGetValue(request.ClOrdID, out var order)) Report(order, ExecType.OrderStatus, null, null);
        else Unknown(member, request, ExecType.OrderStatus, 5, "Unknown order");   // 103=5
    }

    /// <summary>150=0, unless it is to be lost or late.</summary>
    public void OnAccepted(Order order)
    {
        MemberOf(order).Orders[order.ClOrdID] = order;
        if (!_ackIsLost && !_ackIsLate) Report(order, ExecType.New, null, null, OrdStatus.New);
    }

    /// <summary>150=F.</summary>
    public void OnFill(Order order, in Fill fill)
    {
        var twice = faults.Take(FaultKind.DuplicateFill);
        Report(order, ExecType.Trade, null, fill);
        if (twice) Report(order, ExecType.Trade, null, fill);
    }

    /// <summary>150=4.</summary>
    public void OnCanceled(Order order) => Report(order, ExecType.Canceled, _requestID.Length > 0 ? _origID : null, null);

    /// <summary>150=5.</summary>
    public void OnAmended(Order order) => Report(order, ExecType.Replaced, _origID, null);

    private void Enter(FixMember member, FixOrderRequest request)
    {
        if (member.Orders.ContainsKey(request.ClOrdID))
        {
            Unknown(member, request, ExecType.Rejected, 6, "Duplicate ClOrdID");
            return;
        }
        if (exchange.Find(request.Symbol) is not { } instrument)
        {
            Unknown(member, request, ExecType.Rejected, 1, "Unknown symbol");
            return;
        }
        if (!quoting.Covers(member, request))
        {
            Unknown(member, request, ExecType.Rejected, 99, "Quote expired");
            return;
        }
        if (faults.Take(FaultKind.Reject))
        {
            Unknown(member, request, ExecType.Rejected, 99, faults.RejectText ?? "RATE|Rate limit exceeded");
            return;
        }
        var isMarket = request.OrdType == '1';
        if (Scale(request, instrument, isMarket, out var ticks, out var lots) is { } fault)
        {
            Unknown(member, request, ExecType.Rejected, Code(fault), Words(fault));
            return;
        }
        TimeInForce? timeInForce = request.TimeInForce switch
        {
            '0' or '1' => isMarket ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
            '3' => TimeInForce.ImmediateOrCancel,
            '4' => TimeInForce.FillOrKill,
            _ => null,
        };
        if (timeInForce is null || request.OrdType is not ('1' or '2') || request.Side is not ('1' or '2') || request.PostOnly && timeInForce != TimeInForce.GoodTillCancel)
        {
            Unknown(member, request, ExecType.Rejected, 11, "Unsupported order characteristic");
            return;
        }
        if (faults.Take(FaultKind.LastLook))
        {
            // What it would have traded stays untold: the maker has thought better of it.
            Unknown(member, request, ExecType.New, 0, "", OrdStatus.New);
            Unknown(member, request, ExecType.Rejected, 99, "LASTLOOK|Price is no longer good");
            return;
        }
        if (faults.Take(FaultKind.DropAfterOrder) && member.Line is { } line) line.Abort();
        _ackIsLost = faults.Take(FaultKind.AckLost);
        _ackIsLate = faults.Take(FaultKind.FillBeforeAck);
        var (refusal, order) = exchange.Enter(new OrderRequest
        {
            Account = member.Account,
            Instrument = instrument,
            Side = (Side)(request.Side - '0'),
            Type = isMarket ? OrdType.Market : OrdType.Limit,
            TimeInForce = timeInForce.Value,
            LimitTicks = ticks,
            Lots = lots,
            PostOnly = request.PostOnly,
            ClOrdID = request.ClOrdID,
            Owner = member,
        });
        var late = _ackIsLate;
        _ackIsLost = _ackIsLate = false;
        if (order is null) Unknown(member, request, ExecType.Rejected, Code(refusal), Words(refusal));
        else if (late) Report(order, ExecType.New, null, null, OrdStatus.New);
    }

    private void Cancel(FixMember member, FixOrderRequest request)
    {
        var order = member.Orders.GetValueOrDefault(request.OrigClOrdID);
        if (member.Orders.ContainsKey(request.ClOrdID))
        {
            Refuse(member, request, order, 6, "Duplicate ClOrdID");
            return;
        }
        if (order is not { IsOpen: true })
        {
            Refuse(member, request, order, order is null ? 1 : 0, order is null ? "Unknown order" : "Too late to cancel");
            return;
        }
        Remember(request, order);
        order.ClOrdID = request.ClOrdID;
        member.Orders[request.ClOrdID] = order;
        exchange.Cancel(order);
        _requestID = _origID = "";
    }

    private void Replace(FixMember member, FixOrderRequest request)
    {
        var order = member.Orders.GetValueOrDefault(request.OrigClOrdID);
        if (member.Orders.ContainsKey(request.ClOrdID))
        {
            Refuse(member, request, order, 6, "Duplicate ClOrdID");
            return;
        }
        if (order is not { IsOpen: true })
        {
            Refuse(member, request, order, order is null ? 1 : 0, order is null ? "Unknown order" : "Too late to replace");
            return;
        }
        if (order.Instrument.Symbol != request.Symbol || (char)('0' + (byte)order.Side) != request.Side || request.OrdType != '2')
        {
            Refuse(member, request, order, 99, "Symbol(55), Side(54) and OrdType(40) cannot be replaced");
            return;
        }
        if (Scale(request, order.Instrument, isMarket: false, out var ticks, out var lots) is { } fault)
        {
            Refuse(member, request, order, 99, Words(fault));
            return;
        }
        Remember(request, order);
        var refusal = exchange.Amend(order, ticks, lots, request.ClOrdID, request.PostOnly);
        if (refusal == Refusal.None) member.Orders[request.ClOrdID] = order;
        else Refuse(member, request, order, 99, Words(refusal));
        _requestID = _origID = "";
    }

    private void Remember(FixOrderRequest request, Order order)
    {
        _requestID = request.ClOrdID;
        _origID = order.ClOrdID;
    }

    private static Refusal? Scale(FixOrderRequest request, Instrument instrument, bool isMarket, out long ticks, out long lots)
    {
        ticks = 0;
        if (!Decimals.TryScale(request.OrderQty, instrument.QtyDecimals, out lots) || lots <= 0) return Refusal.InvalidQuantity;
        if (!isMarket && (!Decimals.TryScale(request.Price, instrument.PriceDecimals, out ticks) || ticks <= 0)) return Refusal.InvalidPrice;
        return null;
    }

    private static FixMember MemberOf(Order order) => (FixMember)order.Request.Owner!;

    /// <summary>OrdRejReason(103).</summary>
    private static int Code(Refusal refusal) => refusal switch
    {
        Refusal.Halted => 2,
        Refusal.InsufficientFunds or Refusal.QuantityTooLarge => 3,
        Refusal.InvalidQuantity or Refusal.QuantityTooSmall => 13,
        Refusal.Full => 0,
        _ => 99,
    };

    private static string Words(Refusal refusal) => refusal switch
    {
        Refusal.Halted => "HALTED|Instrument is halted",
        Refusal.InsufficientFunds => "FUNDS|Insufficient funds",
        Refusal.InvalidPrice => "PRICE|Price is not positive, not on a tick, or too high",
        Refusal.InvalidQuantity => "QTY|Quantity is not positive or not in whole lots",
        Refusal.QuantityTooSmall => "QTY|Quantity is below the minimum",
        Refusal.QuantityTooLarge => "QTY|Quantity is above the maximum",
        Refusal.PostOnly => "POSTONLY|Order would take liquidity",
        Refusal.NoLiquidity => "LIQUIDITY|Nothing to trade with",
        Refusal.Full => "FULL|The exchange takes no more orders",
        _ => "ORDER|Order cannot be changed",
    };

    private void Report(Order order, ExecType type, string? orig, Fill? fill, OrdStatus? status = null)
    {
        var member = MemberOf(order);
        if (faults.Take(FaultKind.ExecutionGap) && member.Line is { } line) line.Tampered(() => Write(member, order, type, orig, fill, status), _ => null);
        else Write(member, order, type, orig, fill, status);
    }

    private void Write(FixMember member, Order order, ExecType type, string? orig, Fill? fill, OrdStatus? status)
    {
        var i = order.Instrument;
        // The acknowledgement tells the order as it came in, whatever it has become by the time it goes out.
        var isAck = type == ExecType.New;
        var cumLots = isAck ? 0 : fill?.CumLots ?? order.CumLots;
        var isDone = !isAck && !order.IsOpen;
        ref var w = ref member.Begin("8"u8, exchange.NowNs);
        w.Add(37, $"S{order.ID}");
        w.Add(11, order.ClOrdID);
        if (orig is not null) w.Add(41, orig);
        w.Add(17, fill is { } f ? $"F{f.ExecID}" : $"R{++_reports}");
        w.Add(150, (byte)type);
        w.Add(39, (byte)(status ?? order.Status));
        w.Add(55, i.Symbol);
        w.Add(54, (byte)('0' + (byte)order.Side));
        w.AddDecimal(38, order.Lots, i.QtyDecimals);
        w.Add(40, (byte)('0' + (byte)order.Request.Type));
        if (order.Request.Type == OrdType.Limit) w.AddDecimal(44, order.LimitTicks, i.PriceDecimals);
        w.Add(59, (byte)order.Request.TimeInForce);
        if (fill is { } traded)
        {
            w.AddDecimal(32, traded.Trade.Lots, i.QtyDecimals);
            w.AddDecimal(31, traded.Trade.Ticks, i.PriceDecimals);
            w.Add(527, traded.Trade.ID);
            w.Add(851, (byte)('0' + (byte)traded.Liquidity));
        }
        w.AddDecimal(151, isDone ? 0 : order.Lots - cumLots, i.QtyDecimals);
        w.AddDecimal(14, cumLots, i.QtyDecimals);
        w.AddDecimal(6, isAck ? 0 : fill?.AverageTicks ?? order.AverageTicks, i.PriceDecimals);
        w.AddTime(60, member.ByItsClock(exchange.NowNs));
        if (fill is { Fee: var fee } && fee != 0)
        {
            w.Add(136, 1);
            w.AddDecimal(137, fee, Instrument.AtomDecimals);
            w.Add(138, i.Quote);
            w.Add(139, '4');   // exchange fees
        }
        member.Session.End(keep: true);
    }

    /// <summary>An ExecutionReport about an order that does not exist here.</summary>
    private void Unknown(FixMember member, FixOrderRequest request, ExecType type, int reason103, string text, OrdStatus status = OrdStatus.Rejected)
    {
        var isRejected = status == OrdStatus.Rejected;
        ref var w = ref member.Begin("8"u8, exchange.NowNs);
        w.Add(37, "NONE");
        w.Add(11, Encoding.Latin1.GetBytes(request.ClOrdID));
        w.Add(17, $"R{++_reports}");
        w.Add(150, (byte)type);
        w.Add(39, (byte)status);
        if (isRejected) w.Add(103, reason103);
        w.Add(55, Encoding.Latin1.GetBytes(request.Symbol));
        w.Add(54, request.Side);
        if (request.OrderQty.Length > 0) w.Add(38, request.OrderQty);
        w.Add(151, isRejected ? "0" : request.OrderQty);
        w.Add(14, 0);
        w.Add(6, 0);
        w.AddTime(60, member.ByItsClock(exchange.NowNs));
        if (isRejected) w.Add(58, text);
        member.Session.End(keep: true);
    }

    private void Refuse(FixMember member, FixOrderRequest request, Order? order, int reason102, string text)
    {
        ref var w = ref member.Begin("9"u8, exchange.NowNs);
        w.Add(37, order is null ? "NONE" : $"S{order.ID}");
        w.Add(11, Encoding.Latin1.GetBytes(request.ClOrdID));
        w.Add(41, Encoding.Latin1.GetBytes(request.OrigClOrdID));
        w.Add(39, (byte)(order?.Status ?? OrdStatus.Rejected));
        w.AddTime(60, member.ByItsClock(exchange.NowNs));
        w.Add(434, request.Type == 'F' ? '1' : '2');
        w.Add(102, reason102);
        w.Add(58, text);
        member.Session.End(keep: true);
    }
}
