using System.Buffers.Text;
using Venue.Fix;

namespace Venue.Gateway;

/// <summary>A kept message, sent once more as a new one.</summary>
internal static class StoredMessage
{
    private const byte Soh = 1;

    /// <summary>The same type and body with a header of now, PossResend(97)=Y in it. <paramref name="isSending"/> is true while it is numbered and kept.</summary>
    public static void SendAs(Session fix, ReadOnlySpan<byte> stored, long nowNs, ref bool isSending)
    {
        var from = stored.IndexOf("\u000135="u8) + 4;
        ref var w = ref fix.Begin(stored[from..(from + stored[from..].IndexOf(Soh))], nowNs);
        w.Add(97, (byte)'Y');
        for (var rest = stored; !rest.IsEmpty;)
        {
            var end = rest.IndexOf(Soh);
            if (!Utf8Parser.TryParse(rest, out int tag, out var digits)) throw new InvalidOperationException("A kept message holds a field without a tag.");
            if (!IsFrame(tag)) w.Add(tag, rest[(digits + 1)..end]);
            rest = rest[(end + 1)..];
        }
        isSending = true;
        fix.End(keep: true);
        isSending = false;
    }

    /// <summary>Header and trailer: written anew.</summary>
    private static bool IsFrame(int tag) => tag is 8 or 9 or 10 or 34 or 35 or 43 or 49 or 50 or 52 or 56 or 57 or 97 or 122 or 142 or 143 or 369;
}
