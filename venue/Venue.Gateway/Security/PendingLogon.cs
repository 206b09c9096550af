namespace Venue.Gateway;

/// <summary>A Logon whose proof is being checked, away from the core thread.</summary>
public sealed class PendingLogon(ClientSession client, Connection connection, LogonProof proof, long receivedNs)
{
    /// <summary>Who it says it is.</summary>
    public ClientSession Client { get; } = client;

    /// <summary>Where it came.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>What it says.</summary>
    public LogonProof Proof { get; } = proof;

    /// <summary>When it came, nanoseconds since 1970-01-01 UTC.</summary>
    public long ReceivedNs { get; } = receivedNs;

    /// <summary>Set by whoever checked it, before it is handed back to <see cref="Gateway.Verified"/>.</summary>
    public bool IsProven { get; set; }

    /// <summary>Why it may not log on; null until it is known, empty when it may.</summary>
    internal string? Refusal { get; set; }
}
