using System.Buffers.Text;

namespace Venue.Gateway;

/// <summary>Fields that many sessions are sent: encoded once, copied into each message.</summary>
internal sealed class FieldBuffer
{
    private const byte Soh = 1;
    // Tag, equals sign, sign, point, delimiter and all digits of an Int128, twice over.
    private const int Room = 128;
    private byte[] _bytes = new byte[1024];

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>Whole fields, delimiters included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;

    /// <summary>Adds a number.</summary>
    public void Add(int tag, long value)
    {
        var to = Open(tag);
        Utf8Formatter.TryFormat(value, to, out var length);
        Close(length);
    }

    /// <summary>Adds a value of one character.</summary>
    public void Add(int tag, char character)
    {
        Open(tag)[0] = (byte)character;
        Close(1);
    }

    /// <summary>Adds bytes as they are.</summary>
    public void Add(int tag, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Open(tag, value.Length));
        Close(value.Length);
    }

    /// <summary>Adds mantissa / 10^decimals with all its decimals; not negative.</summary>
    public void AddDecimal(int tag, Int128 mantissa, int decimals)
    {
        var to = Open(tag);
        mantissa.TryFormat(to, out var length);
        if (decimals > 0)
        {
            if (length <= decimals)
            {
                var zeros = decimals + 1 - length;
                to[..length].CopyTo(to[zeros..]);
                to[..zeros].Fill((byte)'0');
                length += zeros;
            }
            to[(length - decimals)..length].CopyTo(to[(length - decimals + 1)..]);
            to[length - decimals] = (byte)'.';
            length++;
        }
        Close(length);
    }

    private Span<byte> Open(int tag, int length = 0)
    {
        if (_bytes.Length - Length < Room + length) Array.Resize(ref _bytes, _bytes.Length * 2 + length);
        Utf8Formatter.TryFormat(tag, _bytes.AsSpan(Length), out var digits);
        Length += digits;
        _bytes[Length++] = (byte)'=';
        return _bytes.AsSpan(Length);
    }

    private void Close(int length)
    {
        Length += length;
        _bytes[Length++] = Soh;
    }
}
