using System.Globalization;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>Our ids as Coinbase Exchange takes them: client_oid must be a UUID, so parent, attempt and number are its digits.</summary>
internal static class FeedId
{
    private const string Mark = "4b1d-8b1d";   // version and variant of a random UUID, and what tells ours from others'

    /// <summary>parent-seq-attempt as a UUID; null when it is not of that form.</summary>
    public static string? ToUuid(string clientId)
    {
        var parts = clientId.Split('-');
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq < 1L << 48
            && ushort.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? string.Create(CultureInfo.InvariantCulture, $"{parent:x8}-{attempt:x4}-{Mark}-{seq:x12}") : null;
    }

    /// <summary>Such a UUID as parent-seq-attempt; null when it is not one of ours.</summary>
    public static string? FromUuid(string uuid)
    {
        var parts = uuid.Split('-');
        return parts.Length == 5 && $"{parts[2]}-{parts[3]}" == Mark && parts[0].Length == 8 && parts[1].Length == 4 && parts[4].Length == 12
            && int.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var parent)
            && int.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var attempt)
            && long.TryParse(parts[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seq)
            ? string.Create(CultureInfo.InvariantCulture, $"{parent}-{seq}-{attempt}") : null;
    }
}
