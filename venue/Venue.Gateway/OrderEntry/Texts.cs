using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Reasons in FIX's terms: the code and the Text(58) "NAME: what it means" that people and programs read.</summary>
internal static class Texts
{
    /// <summary>OrdRejReason(103), FIX 4.4 code table.</summary>
    public static int OrdRejReason(Reason reason) => reason switch
    {
        Reason.UnknownInstrument => 1,        // Unknown symbol
        Reason.DuplicateClOrdID => 6,         // Duplicate order
        Reason.UnknownOrder => 5,             // Unknown order
        Reason.UnsupportedOrder => 11,        // Unsupported order characteristic
        Reason.QuantityIncrement => 13,       // Incorrect quantity
        Reason.QuantityTooSmall => 13,
        Reason.QuantityTooLarge => 13,
        Reason.NotionalTooSmall => 13,
        Reason.NotionalTooLarge => 3,         // Order exceeds limit
        Reason.TooManyOrders => 3,
        Reason.PositionLimit => 3,
        Reason.RepeatedOrder => 6,
        Reason.InsufficientBalance => 3,
        Reason.MarginExceeded => 3,
        Reason.Phase => 2,                    // Exchange closed
        _ => 99,                              // Other: FIX 4.4 has no code for prices off the tick or outside the band
    };

    /// <summary>CxlRejReason(102), FIX 4.4 code table.</summary>
    public static int CxlRejReason(Reason reason) => reason switch
    {
        Reason.TooLate => 0,
        Reason.UnknownOrder => 1,
        Reason.UnknownInstrument => 1,
        Reason.DuplicateClOrdID => 6,
        _ => 99,
    };

    /// <summary>Text(58); empty when there is nothing to say.</summary>
    public static ReadOnlySpan<byte> Text(Reason reason) => reason switch
    {
        Reason.None or Reason.ClientRequest => default,
        Reason.UnknownSession => "SESSION|The session belongs to no firm"u8,
        Reason.UnknownInstrument => "SYMBOL|Symbol(55) is not an instrument of this venue"u8,
        Reason.DuplicateClOrdID => "DUPLICATE|ClOrdID(11) was used before on this session"u8,
        Reason.UnknownOrder => "UNKNOWN|No such order on this session"u8,
        Reason.TooLate => "TOOLATE|The order is done"u8,
        Reason.UnsupportedOrder => "UNSUPPORTED|This OrdType(40) with this TimeInForce(59) and these terms is not taken"u8,
        Reason.NotReplaceable => "NOTREPLACEABLE|Side(54), Symbol(55) and OrdType(40) cannot be replaced"u8,
        Reason.PriceIncrement => "TICK|Price(44) is not a multiple of the tick size"u8,
        Reason.PriceOutOfRange => "PRICE|Price(44) is not between one tick and the instrument's highest price"u8,
        Reason.PriceBand => "BAND|Price(44) is outside the price band"u8,
        Reason.QuantityIncrement => "LOT|OrderQty(38) is not a multiple of the lot size"u8,
        Reason.QuantityTooSmall => "MINQTY|OrderQty(38) is below the instrument's minimum"u8,
        Reason.QuantityTooLarge => "MAXQTY|OrderQty(38) is above the instrument's maximum"u8,
        Reason.InsufficientBalance => "BALANCE|The available balance does not cover the order and its fee"u8,
        Reason.VenueFull => "FULL|The venue holds as many orders as it was sized for"u8,
        Reason.Killed => "KILLED|A kill switch covers this order"u8,
        Reason.Phase => "PHASE|The instrument's phase of trading does not take this"u8,
        Reason.PostOnly => "POSTONLY|ExecInst(18) 6: the order would trade at once"u8,
        Reason.NoOpposite => "NOOPPOSITE|There is no price on the other side"u8,
        Reason.UnknownLink => "LINK|ClOrdLinkID(583) names no open order that can be the other one of a pair"u8,
        Reason.TooManyFollow => "FULL|As many pegged or trailing orders as the instrument can have"u8,
        Reason.ExpireTimePassed => "EXPIRETIME|ExpireTime(126) is not in the future"u8,
        Reason.NotionalTooSmall => "MINNOTIONAL|Price times OrderQty(38) is below the smallest notional"u8,
        Reason.NotionalTooLarge => "MAXNOTIONAL|Price times OrderQty(38) is above the largest notional"u8,
        Reason.FatFinger => "FATFINGER|Price(44) is too far beyond the reference price"u8,
        Reason.PriceCollar => "COLLAR|Price(44) is too far from the market"u8,
        Reason.TooManyOrders => "OPENORDERS|As many open orders as the limit allows"u8,
        Reason.RateExceeded => "RATE|As many orders in this time as the limit allows"u8,
        Reason.RepeatedOrder => "REPEATED|The same order came just before"u8,
        Reason.PositionLimit => "POSITION|The position with all open orders would pass the limit"u8,
        Reason.MarginExceeded => "MARGIN|The collateral does not carry what the account could owe"u8,
        Reason.MarginLiquidating => "LIQUIDATING|The account is being liquidated"u8,
        Reason.MarginCanceled => "LIQUIDATING|The account is being liquidated"u8,
        Reason.Liquidation => "LIQUIDATION|The venue's order, which liquidates the account"u8,
        Reason.SelfTrade => "STP|A match with an order of the same self-trade group was prevented"u8,
        Reason.Expired => "EXPIRED|Its time was over"u8,
        Reason.Linked => "LINKED|The other order of the pair traded or was triggered"u8,
        Reason.Uncovered => "BALANCE|The available balance does not cover the next price"u8,
        Reason.Corrected => "CORRECTED|An operator undid the trade or put it right"u8,
        Reason.MassCanceled => "MASSCANCEL|Canceled by a mass cancel"u8,
        Reason.Disconnected => "DISCONNECT|Its session was lost"u8,
        Reason.NotAuthorized => "NOTAUTHORIZED|These orders are another firm's, or the session does not quote"u8,
        Reason.TooManyRequests => "BUSY|Four such requests of this session are under way; try again"u8,
        Reason.Unfilled => "UNFILLED|Not filled at once"u8,
        Reason.QuoteCrossed => "CROSSED|The bid is at or above the offer"u8,
        Reason.Protected => "PROTECTED|A protection has pulled the quotes: MMProtectionReset(9773)=Y takes them again"u8,
        Reason.QuoteTooYoung => "TOOYOUNG|The quote has not stood as long as it must"u8,
        Reason.QuoteGone => "QUOTEGONE|The provider cannot trade at its quote any more"u8,
        Reason.NoProvider => "NOPROVIDER|Nobody quotes this instrument now"u8,
        Reason.TooManyQuotes => "BUSY|As many requests for quotes are open as there may be"u8,
        Reason.UnknownQuote => "UNKNOWNQUOTE|There is no such quote"u8,
        Reason.LookPrice => "LASTLOOK|The provider looked at the hit and refused it: its price has moved"u8,
        Reason.LookValidity => "LASTLOOK|The provider looked at the hit and refused it: it may not or cannot make this trade"u8,
        Reason.LookTimedOut => "LASTLOOK|The provider said nothing of the hit in its hold time"u8,
        Reason.LookPending => "LOOKING|A provider is looking at a hit: wait for its answer"u8,
        Reason.Declined => "DECLINED|Everybody who was asked has declined, or this answer was taken back"u8,
        Reason.Protection => "PROTECTION|A protection's window was full"u8,
        _ => "OTHER|Refused"u8,
    };
}
