namespace LiquidityBridge;

/// <summary>Why a book or an exchange cannot be relied on, or what of it was refused. Each occasion is counted.</summary>
public enum OutsideReason : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,
    /// <summary>A connection could not be opened.</summary>
    ConnectFailed,
    /// <summary>A connection broke, or the exchange closed it.</summary>
    Lost,
    /// <summary>Nothing was heard on a connection for too long: it was given up.</summary>
    Silent,
    /// <summary>The exchange said that it is about to close the connection.</summary>
    Shutdown,
    /// <summary>A connection came of age and was followed by a new one.</summary>
    Followed,
    /// <summary>A subscription, a logon or a question was refused.</summary>
    Refused,
    /// <summary>A token or session is not good any more.</summary>
    Expired,
    /// <summary>A message is not of its protocol: not JSON, nested too deeply, or without a member that it must have.</summary>
    Malformed,
    /// <summary>A message is larger than any that the exchange sends.</summary>
    TooLarge,
    /// <summary>A message has two members of one name.</summary>
    DuplicateKey,
    /// <summary>A number is no number, finer than its grid, too large, or negative where it cannot be.</summary>
    BadNumber,
    /// <summary>A message of the book is missing.</summary>
    Gap,
    /// <summary>A checksum is wrong.</summary>
    Checksum,
    /// <summary>The best bid is not below the best ask.</summary>
    Crossed,
    /// <summary>A snapshot is older than the updates that must follow it.</summary>
    OldSnapshot,
    /// <summary>An update came again, or too late: it was passed over.</summary>
    Repeated,
    /// <summary>Nothing proved the book for too long.</summary>
    Stale,
    /// <summary>The exchange does not trade it now.</summary>
    Halted,
    /// <summary>What the exchange says of the instrument does not fit the configuration.</summary>
    Misfit,
    /// <summary>The exchange said that we ask too much, or our own count of it said so first.</summary>
    RateLimited,
    /// <summary>An order was refused.</summary>
    OrderRejected,
    /// <summary>An order's outcome was unknown.</summary>
    OutcomeUnknown,
    /// <summary>A message was refused for its time, ours or theirs: the two clocks are too far apart, or ours went back.</summary>
    ClockSkew,
    /// <summary>A fill was told again.</summary>
    FillRepeated,
}

/// <summary>How often something happened.</summary>
/// <param name="Instrument">Id of the instrument; -1 when it is about the exchange as a whole.</param>
/// <param name="Reason">What.</param>
/// <param name="Count">Since the adapter's start.</param>
public readonly record struct ReasonCount(int Instrument, OutsideReason Reason, long Count);
