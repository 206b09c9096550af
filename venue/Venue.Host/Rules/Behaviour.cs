namespace Venue.Host;

/// <summary>What a counterparty must know of the venue beyond the messages' fields: the same words for the page and for the Orchestra file.</summary>
internal static class Behaviour
{
    /// <summary>Each with what it is about.</summary>
    public static IReadOnlyList<(string About, string Text)> All { get; } =
    [
        ("Rates", "A message over the rate of the session or of its firm is refused: an order with ExecutionReport (8), 103=99; a replace with OrderCancelReject (9), 102=99; others with BusinessMessageReject (j), 380=0; the text begins with RATE. OrderCancelRequest (F) and OrderMassCancelRequest (q) are neither counted nor refused. Too many refusals within ten seconds end in a Logout, and the session is kept out for a while."),
        ("Order of answers", "Answers of the engine come in the order in which it took the requests. A refusal by the gateway (RATE, ACCOUNT, RIGHTS, BUSY, malformed fields) does not wait for the engine: it can overtake the reports of orders that were sent before it. Match answers by ClOrdID(11), never by their order."),
        ("Usage", "UserRequest (BE) with UserRequestType(924)=5 is answered with UserResponse (BF): for the session (8040=S) and its firm (8040=F) the rate per second (1613), the burst (8041), what would pass now (8042), refusals in the last ten seconds (8043), at how many the session is logged out (8044, 0 for never) and for how many seconds it is kept out (8045). It costs none of the rate; ten a second are answered."),
        ("Account", "Account(1) is the firm's name. It may be left out; another one is refused with 8, 103=15 (or 9, 102=99). Reports always carry it."),
        ("Ids", "OrderID(37) is unique for ever. ExecID(17) is unique and grows; a report that comes twice has the same ExecID. TrdMatchID(880) is the same on both sides of a trade and on their trade reports. A ClOrdID(11) of a message that the gateway refused may be sent again, any other not."),
        ("Recovery", "Reports are kept and resent on ResendRequest (2) with the same content. Market data, status answers and trade reports are not kept: ask again. After a reset of the numbers, cancels of a lost session are told again with PossResend(97)=Y."),
        ("Self-trades", "Two orders of a firm with the same SelfTradeGroup(7928) do not trade with each other: what becomes of them SelfTradeMode(8000) of the incoming one says. A Logon may say it for all orders and quotes of the connection that name none: SelfTradeDefault(8001) the mode, SelfTradeGroup(7928) the group; without a group it is that of the session's setting, else 1. When the session ends, its setting counts again; orders that are in the book keep what they came with."),
        ("Busts and corrections", "A trade that is undone is told by ExecutionReport with 150=H, one that is put right with 150=G; ExecRefID(19) names the ExecID(17) of the trade. Trade reports (AE) say so with TradeReportTransType(487) 1 or 2, TradeReportRefID(572) naming the trade's."),
        ("Refused logons", "Whoever is refused is told nothing of the reason. After repeated failures the address is locked out of the session for a while."),
    ];
}
