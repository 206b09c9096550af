using Venue.Messages;

namespace Venue.Host;

/// <summary>Text of callers as the journal takes it: printable ASCII, at most 39 characters.</summary>
internal static class Printable
{
    /// <summary>True for 1 to 39 characters without a space.</summary>
    public static bool IsKey(string text) => text.Length is > 0 and <= Text40.MaxLength && text.All(c => c is > ' ' and < (char)127);

    /// <summary>The printable characters of a text, as many as fit.</summary>
    public static Text40 Cut(string text) => Text40.From(new string([.. text.Where(c => c is >= ' ' and < (char)127).Take(Text40.MaxLength)]));
}
