using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Venue.Fix;

/// <summary>
/// Encodes one message. Obtained from <see cref="Session.Begin"/> and used by reference: a copy would lose what is added.
/// </summary>
/// <remarks>
/// The body is written first, behind room for <c>8=..|9=..|</c>, which is put in front of it when its length is known:
/// BodyLength(9) needs no padding and nothing is moved. The bytes are copied once, into the send buffer, when whole.
/// </remarks>
public struct MessageWriter
{
    private const int PrefixRoom = 32;                    // 8=FIXT.1.1|9=123456789|
    private const int NumberRoom = 48;                    // the longest Int128, sign and point
    private const int Slack = TagText.MaxLength + 1 + CheckSum.FieldLength;

    private readonly TimestampText _time;
    private readonly byte[] _beginString;                 // "8=FIX.4.4|9="
    private readonly int _maxBytes;
    private int _limit;
    private byte[] _bytes;
    private int _at;

    internal MessageWriter(string beginString, TimestampText time, int maxBytes)
    {
        _time = time;
        _beginString = Encoding.ASCII.GetBytes($"8={beginString}\u00019=");
        _maxBytes = maxBytes;
        _bytes = new byte[Math.Min(maxBytes, 1024) + PrefixRoom];
    }

    /// <summary>A time as this writer's messages have it.</summary>
    internal readonly string TimeText(long ns) => Encoding.ASCII.GetString(_time.At(ns));

    /// <summary>Adds a field with the bytes as they are. Only a DATA value may contain the delimiter.</summary>
    public void Add(int tag, ReadOnlySpan<byte> value)
    {
        value.CopyTo(MemoryMarshal.CreateSpan(ref Open(tag, value.Length), value.Length));
        Close(value.Length);
    }

    /// <summary>Adds a number.</summary>
    public void Add(int tag, long value)
    {
        ref var to = ref Open(tag, NumberRoom);
        if (value >= 0) Close(DigitText.Write(ref to, (ulong)value));
        else
        {
            to = (byte)'-';
            Close(1 + DigitText.Write(ref Unsafe.Add(ref to, 1), 0UL - (ulong)value));
        }
    }

    /// <summary>Adds a number. (Without this, a constant would be taken for a character.)</summary>
    public void Add(int tag, int value) => Add(tag, (long)value);

    /// <summary>Adds a value of one character.</summary>
    public void Add(int tag, byte character)
    {
        Open(tag, 1) = character;
        Close(1);
    }

    /// <summary>Adds a value of one ASCII character.</summary>
    public void Add(int tag, char asciiCharacter) => Add(tag, (byte)asciiCharacter);

    /// <summary>Adds ASCII text. For the cold path.</summary>
    public void Add(int tag, string asciiValue)
    {
        Open(tag, asciiValue.Length);
        Close(Encoding.ASCII.GetBytes(asciiValue, _bytes.AsSpan(_at)));
    }

    /// <summary>Adds mantissa / 10^decimals with all its decimals: 5000010, 2 is "50000.10".</summary>
    public void AddDecimal(int tag, Int128 mantissa, int decimals)
    {
        if ((long)mantissa == mantissa)
        {
            AddDecimal(tag, (long)mantissa, decimals);
            return;
        }
        Open(tag, NumberRoom + decimals);
        var negative = mantissa < 0;
        if (negative) _bytes[_at++] = (byte)'-';
        ((UInt128)(negative ? -mantissa : mantissa)).TryFormat(_bytes.AsSpan(_at), out var length, default, CultureInfo.InvariantCulture);
        CloseDecimal(length, decimals);
    }

    /// <inheritdoc cref="AddDecimal(int, Int128, int)"/>
    public void AddDecimal(int tag, long mantissa, int decimals)
    {
        ref var to = ref Open(tag, NumberRoom + decimals);
        if (mantissa < 0)
        {
            to = (byte)'-';
            to = ref Unsafe.Add(ref to, 1);
            _at++;
        }
        CloseDecimal(DigitText.Write(ref to, mantissa < 0 ? 0UL - (ulong)mantissa : (ulong)mantissa), decimals);
    }

    /// <summary>Adds a UTCTIMESTAMP, <paramref name="ns"/> since 1970-01-01, in the session's precision.</summary>
    public void AddTime(int tag, long ns) => Add(tag, _time.At(ns));

    /// <summary>Begins at the front. A resend adds fields to a message that may be as long as allowed: <paramref name="more"/> bytes on top.</summary>
    internal void Start(int more = 0)
    {
        _at = PrefixRoom;
        _limit = _maxBytes + more + PrefixRoom;
    }

    /// <summary>Adds bytes that are whole fields already, delimiters included: what many messages have in common is encoded once.</summary>
    public void AddFields(ReadOnlySpan<byte> fields)
    {
        Ensure(fields.Length);
        fields.CopyTo(_bytes.AsSpan(_at));
        _at += fields.Length;
    }

    /// <summary>Writes length and checksum. The span is good until the next message is started.</summary>
    internal ReadOnlySpan<byte> Finish()
    {
        var start = PrefixRoom - 1;
        _bytes[start] = Framing.Soh;
        for (var length = _at - PrefixRoom; length > 0; length /= 10) _bytes[--start] = (byte)('0' + length % 10);
        start -= _beginString.Length;
        _beginString.AsSpan().CopyTo(_bytes.AsSpan(start));
        CheckSum.Write(_bytes.AsSpan(_at), CheckSum.Of(_bytes.AsSpan(start, _at - start)));
        return _bytes.AsSpan(start, _at + CheckSum.FieldLength - start);
    }

    /// <summary>Writes "tag=" and makes room for the value; where that goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Open(int tag, int valueLength)
    {
        Ensure(valueLength);
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _at);
        var text = TagText.Of(tag);
        Unsafe.WriteUnaligned(ref start, BitConverter.IsLittleEndian ? text : BinaryPrimitives.ReverseEndianness(text));
        var length = TagText.Length(text);
        _at += length;
        return ref Unsafe.Add(ref start, length);
    }

    private void Close(int valueLength)
    {
        _at += valueLength;
        _bytes[_at++] = Framing.Soh;
    }

    /// <summary>Puts the point into the <paramref name="length"/> digits written last.</summary>
    private void CloseDecimal(int length, int decimals)
    {
        if (decimals > 0)
        {
            var span = _bytes.AsSpan(_at);
            if (length <= decimals)
            {
                // 5, 2 is "0.05": zeros in front until one digit stands before the point.
                var zeros = decimals + 1 - length;
                span[..length].CopyTo(span[zeros..]);
                span[..zeros].Fill((byte)'0');
                length += zeros;
            }
            span[(length - decimals)..length].CopyTo(span[(length - decimals + 1)..]);
            span[length - decimals] = (byte)'.';
            length++;
        }
        Close(length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure(int valueLength)
    {
        if (_bytes.Length - _at < valueLength + Slack) Grow(valueLength + Slack);
    }

    private void Grow(int more)
    {
        if (_at + more > _limit) throw new InvalidOperationException($"message longer than {_maxBytes} bytes");
        Array.Resize(ref _bytes, Math.Min(Math.Max(_at + more, _bytes.Length * 2), _limit));
    }
}
