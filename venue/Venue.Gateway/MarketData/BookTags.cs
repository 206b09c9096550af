namespace Venue.Gateway;

/// <summary>The venue's own tags on market data messages.</summary>
internal static class BookTags
{
    /// <summary>On W and X: CRC32 of the book after the message.</summary>
    public const int Checksum = 8020;

    /// <summary>On V: Y when incremental messages may be drawn together.</summary>
    public const int Conflation = 8021;
}
