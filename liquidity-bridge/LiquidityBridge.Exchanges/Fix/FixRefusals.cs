using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>Counts what a session would not take from its counterparty: bytes that are no message, and messages that it rejects.</summary>
public sealed class FixRefusals(Tally tally) : IMessageLog
{
    private static ReadOnlySpan<byte> RejectType => "\u000135=3\u0001"u8;

    private static ReadOnlySpan<byte> BusinessRejectType => "\u000135=j\u0001"u8;

    private static ReadOnlySpan<byte> BadTime => "\u0001373=10\u0001"u8;

    private const string BadTimeText = "SendingTime accuracy";

    private static ReadOnlySpan<byte> RejectReason => "\u0001373="u8;

    /// <inheritdoc/>
    public void Add(Session session, LogDirection direction, ReadOnlySpan<byte> bytes, long nowNs)
    {
        if (direction == LogDirection.Garbled) tally.Count(OutsideReason.Malformed);
        else if (bytes.IndexOf(RejectType) > 0 && bytes.IndexOf(BadTime) > 0) tally.Count(OutsideReason.ClockSkew);   // ours of theirs, or theirs of ours
        else if (direction != LogDirection.Out) return;
        // What we reject is what they sent wrongly.
        else if (bytes.IndexOf(RejectType) > 0) tally.Count(ReasonOf(bytes));
        else if (bytes.IndexOf(BusinessRejectType) > 0) tally.Count(OutsideReason.Malformed);
    }

    /// <summary>The session has ended its connection for this reason.</summary>
    public void Closed(string reason)
    {
        // Session: what is larger than MaxMessageBytes has no end that could be waited for.
        if (reason.StartsWith("message longer than", StringComparison.Ordinal)) tally.Count(OutsideReason.TooLarge);
        // A Logon with such a time is answered with a Logout alone.
        if (reason.Contains(BadTimeText, StringComparison.OrdinalIgnoreCase)) tally.Count(OutsideReason.ClockSkew);
    }

    /// <summary>FIX 4.4 vol 6, SessionRejectReason(373): 13 a tag appears twice, 5 and 6 a value out of range or of the wrong form.</summary>
    private static OutsideReason ReasonOf(ReadOnlySpan<byte> reject)
    {
        var at = reject.IndexOf(RejectReason) + RejectReason.Length;
        var digits = reject[at..];
        digits = digits[..digits.IndexOf((byte)1)];
        if (digits.SequenceEqual("13"u8)) return OutsideReason.DuplicateKey;
        return digits.SequenceEqual("5"u8) || digits.SequenceEqual("6"u8) ? OutsideReason.BadNumber : OutsideReason.Malformed;
    }
}
