namespace Venue.Gateway;

/// <summary>Where sessions of kind MarketData are served, when not by the gateway that lets them in: another gateway, on a thread of its own.</summary>
/// <remarks>Called on the core's thread; none of it waits for the other.</remarks>
public interface IMarketEdge
{
    /// <summary>A connection whose Logon has come, and whose proof, when one is asked for, was checked. Not touched here any more.</summary>
    void Adopt(Connection connection);

    /// <summary>The session as it is there; null when nobody serves it at the moment. What is read of it can be a moment old.</summary>
    ClientSession? Find(int session);

    /// <summary>Begins the Logout handshake.</summary>
    void LogOut(int session, string text);

    /// <summary>An operator's News (B), for those that are there.</summary>
    void Announce(byte[] fields, long nowNs);
}
