namespace Venue.Host;

/// <summary>What one screen, or one address, may take of the venue.</summary>
internal sealed record ScreenLimits
{
    /// <summary>Connections in all.</summary>
    public int Connections { get; init; } = 1000;

    /// <summary>Connections of one address.</summary>
    public int ConnectionsPerAddress { get; init; } = 50;

    /// <summary>Feeds that one connection watches.</summary>
    public int SubscriptionsPerConnection { get; init; } = 500;

    /// <summary>Bytes that wait for one connection; beyond, it is left out until it has read them.</summary>
    public int QueueBytes { get; init; } = 256 << 10;

    /// <summary>Bytes that the kernel keeps for one connection.</summary>
    public int KernelBytes { get; init; } = 128 << 10;

    /// <summary>Largest message of a screen, in bytes.</summary>
    public int RequestBytes { get; init; } = 8 << 10;

    /// <summary>Messages of one connection within a second.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Messages without sense before a connection is closed.</summary>
    public int MalformedMax { get; init; } = 20;

    /// <summary>Who reads nothing for this long is cut off.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Something is sent at least this often.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);
}
