using System.Text;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>Makes new inputs of old ones: bytes, words of the format, and whole pieces between its separators.</summary>
internal sealed class Mutator(Random random, string words, byte separator)
{
    private const int InputMax = 16 << 10;
    private readonly byte[][] _words = [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => Encoding.Latin1.GetBytes(w.Replace('|', '\u0001').Replace('_', ' ')))];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var n = 1 << random.Next(4); n > 0; n--) Once(bytes, other);
        if (bytes.Count > InputMax) bytes.RemoveRange(InputMax, bytes.Count - InputMax);
        return [.. bytes];
    }

    private void Once(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
            case 2 when at < bytes.Count: bytes[at] = (byte)('0' + random.Next(10)); break;
            case 3 when at < bytes.Count: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(1 << random.Next(6)))); break;
            case 4: bytes.Insert(at, (byte)random.Next(256)); break;
            case 5: bytes.InsertRange(at, Slice(other)); break;
            case 6: bytes.InsertRange(at, Slice([.. bytes])); break;
            case 7: Piece(bytes, copy: random.Next(2) == 0); break;
            default: bytes.InsertRange(at, _words[random.Next(_words.Length)]); break;
        }
    }

    private ArraySegment<byte> Slice(byte[] from)
    {
        var start = random.Next(from.Length + 1);
        return new ArraySegment<byte>(from, start, random.Next(Math.Min(from.Length - start, 64) + 1));
    }

    // A field, a line, an element: duplicates, wrong places and wrong counts need that.
    private void Piece(List<byte> bytes, bool copy)
    {
        if (bytes.Count == 0) return;
        var start = bytes.LastIndexOf(separator, random.Next(bytes.Count)) + 1;
        var end = bytes.IndexOf(separator, start) is var next and >= 0 ? next + 1 : bytes.Count;
        var piece = bytes.GetRange(start, end - start);
        if (!copy) bytes.RemoveRange(start, end - start);
        var to = bytes.Count == 0 ? 0 : bytes.IndexOf(separator, random.Next(bytes.Count)) + 1;
        bytes.InsertRange(to, piece);
    }
}
