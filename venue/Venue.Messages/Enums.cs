namespace Venue.Messages;

/// <summary>Side(54).</summary>
public enum Side : byte
{
    Buy = 1,
    Sell = 2,
}

/// <summary>OrdType(40). The value is FIX's character less '0'.</summary>
public enum OrdType : byte
{
    Market = 1,
    Limit = 2,
    /// <summary>Waits for its trigger, then is a market order.</summary>
    Stop = 3,
    /// <summary>Waits for its trigger, then is a limit order.</summary>
    StopLimit = 4,
    /// <summary>40=K: trades at the best price of the other side, what is left rests at that price.</summary>
    MarketToLimit = 'K' - '0',
    /// <summary>40=P: hidden, at a price that follows the book, never worse than its limit.</summary>
    Pegged = 'P' - '0',
    /// <summary>40=D, previously quoted: takes an answer to a request for quotes.</summary>
    PreviouslyQuoted = 'D' - '0',
}

/// <summary>TimeInForce(59). The value is FIX's character.</summary>
public enum TimeInForce : byte
{
    /// <summary>Until the instrument's day ends; where its day never ends, the same as good till cancel.</summary>
    Day = (byte)'0',
    GoodTillCancel = (byte)'1',
    /// <summary>For the opening auction alone.</summary>
    AtTheOpening = (byte)'2',
    /// <summary>What does not trade at once is canceled.</summary>
    ImmediateOrCancel = (byte)'3',
    /// <summary>Trades in full at once or not at all.</summary>
    FillOrKill = (byte)'4',
    /// <summary>Until ExpireTime(126).</summary>
    GoodTillDate = (byte)'6',
    /// <summary>For the closing auction alone.</summary>
    AtTheClose = (byte)'7',
}

/// <summary>ExecType(150): what happened. The value is FIX's character.</summary>
public enum ExecType : byte
{
    New = (byte)'0',
    Canceled = (byte)'4',
    Replaced = (byte)'5',
    Rejected = (byte)'8',
    /// <summary>A hit is taken, and its provider looks at it first.</summary>
    PendingNew = (byte)'A',
    /// <summary>Its time was over.</summary>
    Expired = (byte)'C',
    /// <summary>OrderQty(38) went down without being asked for: a match with an order of the same group was prevented.</summary>
    Restated = (byte)'D',
    Trade = (byte)'F',
    /// <summary>A trade was put right: the report has what it is now.</summary>
    TradeCorrect = (byte)'G',
    /// <summary>A trade was undone: the report has what was taken back.</summary>
    TradeCancel = (byte)'H',
    OrderStatus = (byte)'I',
    /// <summary>A stop order's trigger was reached: it works from now on.</summary>
    Triggered = (byte)'L',
}

/// <summary>OrdStatus(39): where the order stands. The value is FIX's character.</summary>
public enum OrdStatus : byte
{
    New = (byte)'0',
    PartiallyFilled = (byte)'1',
    Filled = (byte)'2',
    Canceled = (byte)'4',
    Rejected = (byte)'8',
    /// <summary>A hit that its provider looks at.</summary>
    PendingNew = (byte)'A',
    Expired = (byte)'C',
}

/// <summary>LastLiquidityInd(851).</summary>
public enum Liquidity : byte
{
    None = 0,
    /// <summary>851=1: the order rested (maker).</summary>
    Added = 1,
    /// <summary>851=2: the order came in (taker).</summary>
    Removed = 2,
    /// <summary>851=4: matched in an auction, where nobody comes first.</summary>
    Auction = 4,
}

/// <summary>CxlRejResponseTo(434).</summary>
public enum CancelRejectTo : byte
{
    Cancel = 1,
    Replace = 2,
}

/// <summary>
/// Why a command was refused. Of several faults the one that is checked first is reported: the order is written
/// in the engine's README.md.
/// </summary>
public enum Reason : ushort
{
    None = 0,

    /// <summary>The session is not defined or belongs to no firm.</summary>
    UnknownSession = 1,
    /// <summary>Symbol(55) is not an instrument here.</summary>
    UnknownInstrument = 2,
    /// <summary>ClOrdID(11) was used before on this session.</summary>
    DuplicateClOrdID = 3,
    /// <summary>Cancel, replace or status of an order that this session never had.</summary>
    UnknownOrder = 4,
    /// <summary>Cancel or replace of an order that is filled, canceled or rejected.</summary>
    TooLate = 5,
    /// <summary>A combination of OrdType(40) and TimeInForce(59) that the venue does not take (a market order may not rest).</summary>
    UnsupportedOrder = 6,
    /// <summary>A replace that changes Side(54), Symbol(55) or OrdType(40).</summary>
    NotReplaceable = 7,
    /// <summary>Price(44) is not a multiple of the tick size.</summary>
    PriceIncrement = 8,
    /// <summary>Price(44) is not positive or above the instrument's highest price.</summary>
    PriceOutOfRange = 9,
    /// <summary>Price(44) is outside the band around the reference price.</summary>
    PriceBand = 10,
    /// <summary>OrderQty(38) is not a multiple of the lot size.</summary>
    QuantityIncrement = 11,
    /// <summary>OrderQty(38) is below the instrument's minimum.</summary>
    QuantityTooSmall = 12,
    /// <summary>OrderQty(38) is above the instrument's maximum.</summary>
    QuantityTooLarge = 13,
    /// <summary>The firm's available balance does not cover what the order could cost.</summary>
    InsufficientBalance = 14,
    /// <summary>The venue holds as many orders as it was sized for.</summary>
    VenueFull = 15,

    /// <summary>A kill switch covers the order: the venue's, its firm's, its session's or its instrument's.</summary>
    Killed = 16,

    /// <summary>The instrument's phase takes no such order or request.</summary>
    Phase = 17,
    /// <summary>ExecInst(18) 6 (participate, don't initiate): the order would trade at once.</summary>
    PostOnly = 18,
    /// <summary>A market-to-limit order has no other side to take its price from.</summary>
    NoOpposite = 19,
    /// <summary>ClOrdLinkID(583) names no open order of this session that can be the other one of the pair.</summary>
    UnknownLink = 20,
    /// <summary>The instrument has as many orders as may follow its prices (pegged or trailing).</summary>
    TooManyFollow = 21,
    /// <summary>ExpireTime(126) is not in the future.</summary>
    ExpireTimePassed = 22,

    /// <summary>Price times quantity is below the smallest notional.</summary>
    NotionalTooSmall = 23,
    /// <summary>Price times quantity is above the largest notional.</summary>
    NotionalTooLarge = 24,
    /// <summary>Price(44) is too far on the wrong side of the reference price: most likely a slip.</summary>
    FatFinger = 25,
    /// <summary>Price(44) is too far from where the market stands.</summary>
    PriceCollar = 26,
    /// <summary>As many open orders as the firm, session or instrument may have.</summary>
    TooManyOrders = 27,
    /// <summary>As many new orders and replaces as may be taken in so short a time.</summary>
    RateExceeded = 28,
    /// <summary>The same order again within so short a time: most likely a loop.</summary>
    RepeatedOrder = 29,
    /// <summary>The position would be too large if this and all other open orders of its side traded.</summary>
    PositionLimit = 30,

    /// <summary>A bid at or above the offer.</summary>
    QuoteCrossed = 56,
    /// <summary>A protection has pulled the quotes and was not reset yet.</summary>
    Protected = 57,
    /// <summary>A quote may not be pulled or made worse so soon after it was made.</summary>
    QuoteTooYoung = 58,
    /// <summary>There is no such quote.</summary>
    UnknownQuote = 59,
    /// <summary>The answer to a request was hit and is gone: its provider could not trade any more.</summary>
    QuoteGone = 60,
    /// <summary>Nobody watches the instrument that could be asked for a quote.</summary>
    NoProvider = 61,
    /// <summary>As many requests for quotes, or answers to one, as there may be.</summary>
    TooManyQuotes = 62,
    /// <summary>The provider looked at the hit and refused it: its price has moved.</summary>
    LookPrice = 50,
    /// <summary>The provider looked at the hit and refused it: it may not or cannot make this trade (credit, operations).</summary>
    LookValidity = 51,
    /// <summary>The provider said nothing of the hit in its hold time.</summary>
    LookTimedOut = 52,
    /// <summary>A provider is looking at a hit: until it has answered, or its hold time is over, nobody else can end it.</summary>
    LookPending = 53,
    /// <summary>Everybody who was asked for a quote has declined.</summary>
    Declined = 54,
    /// <summary>The margin account's collateral does not carry what it could owe with this.</summary>
    MarginExceeded = 48,
    /// <summary>The margin account is being liquidated, or was.</summary>
    MarginLiquidating = 49,

    /// <summary>Not a refusal: what was left of an IOC or market order, or all of a FOK that could not fill.</summary>
    Unfilled = 64,
    /// <summary>Not a refusal: the client asked.</summary>
    ClientRequest = 65,
    /// <summary>Not a refusal: a match with an order of the same self-trade group was prevented.</summary>
    SelfTrade = 66,
    /// <summary>Not a refusal: the order's time was over.</summary>
    Expired = 67,
    /// <summary>Not a refusal: the other order of the pair traded or was triggered.</summary>
    Linked = 68,
    /// <summary>Not a refusal: a buy met prices that its firm's balance no longer covers.</summary>
    Uncovered = 69,
    /// <summary>Not a refusal: an operator undid a trade or put it right.</summary>
    Corrected = 70,
    /// <summary>Not a refusal: a mass cancel covered the order.</summary>
    MassCanceled = 80,
    /// <summary>Not a refusal: its session was lost, or did not come back after a start of the venue.</summary>
    Disconnected = 81,

    /// <summary>Not a refusal: a protection's window was full.</summary>
    Protection = 82,
    /// <summary>Not a refusal: the margin account is being liquidated, so its orders were canceled.</summary>
    MarginCanceled = 90,
    /// <summary>Not a refusal: the venue's own order, which liquidates a margin account.</summary>
    Liquidation = 91,

    /// <summary>A mass request about orders that are another firm's.</summary>
    NotAuthorized = 96,
    /// <summary>A mass request while as many of the session's are under way as it may have.</summary>
    TooManyRequests = 97,

    /// <summary>A definition or credit that contradicts what the engine holds.</summary>
    Contradiction = 128,
    /// <summary>A credit whose idempotency key was used before with another content.</summary>
    KeyReused = 129,
    /// <summary>An amount that would pass <see cref="Amount.Max"/> or make a balance negative.</summary>
    AmountOutOfRange = 130,
    /// <summary>No withdrawal was held under this key.</summary>
    UnknownKey = 131,
    /// <summary>A withdrawal that was released cannot be settled, nor the other way round; a trade is corrected once.</summary>
    AlreadyEnded = 132,
}
