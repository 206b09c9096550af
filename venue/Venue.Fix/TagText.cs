namespace Venue.Fix;

/// <summary>"44=" and its like, ready to be stored with one eight-byte write.</summary>
internal static class TagText
{
    private const int Cached = 4096;
    private const int LengthShift = 56;

    private static readonly ulong[] Packed = Enumerable.Range(0, Cached).Select(Pack).ToArray();

    /// <summary>Most bytes that <see cref="Of"/> asks for: the text and the length byte above it.</summary>
    public const int MaxLength = sizeof(ulong);

    /// <summary>The text, first byte lowest; its length is in the highest byte (see <see cref="Length"/>).</summary>
    public static ulong Of(int tag) => (uint)tag < Cached ? Packed[tag] : Pack(tag);

    /// <summary>Bytes of the text.</summary>
    public static int Length(ulong packed) => (int)(packed >> LengthShift);

    private static ulong Pack(int tag)
    {
        if (tag is < 0 or > 999_999) throw new ArgumentOutOfRangeException(nameof(tag), tag, "a tag has one to six digits");
        ulong text = '=';
        var length = 1;
        do
        {
            text = text << 8 | (byte)('0' + tag % 10);
            tag /= 10;
            length++;
        }
        while (tag > 0);
        return text | (ulong)length << LengthShift;
    }
}
