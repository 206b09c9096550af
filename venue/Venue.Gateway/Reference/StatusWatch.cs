namespace Venue.Gateway;

/// <summary>One client's wish to be told of phases: SecurityStatusRequest (e) or TradingSessionStatusRequest (g).</summary>
/// <param name="requestId">SecurityStatusReqID(324) or TradSesReqID(335).</param>
/// <param name="instrument">Number of the instrument; 0 for the trading session.</param>
/// <param name="isOnce">One answer was asked for, and no further ones.</param>
public sealed class StatusWatch(byte[] requestId, int instrument, bool isOnce)
{
    /// <summary>What the client calls it.</summary>
    public byte[] RequestId { get; } = requestId;

    /// <summary>Number of the instrument; 0 for the trading session.</summary>
    public int Instrument { get; } = instrument;

    /// <summary>One answer was asked for, and no further ones.</summary>
    public bool IsOnce { get; } = isOnce;

    /// <summary>The version that it was told last; 0 before the first.</summary>
    internal long ToldVersion { get; set; }
}
