using System.Buffers;

namespace Custody.Chains.Ethereum;

/// <summary>Writes RLP (Ethereum yellow paper, appendix B), the one form that each value has.</summary>
public sealed class RlpWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>What has been written so far.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>A string of bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= 0x80) Head(0x80, bytes.Length);
        buffer.Write(bytes);
    }

    /// <summary>An integer: big-endian without leading zeros, 0 being empty.</summary>
    public void Integer(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        Bytes(bytes.TrimStart((byte)0));
    }

    /// <summary>A list of what <paramref name="write"/> writes.</summary>
    public void List(Action<RlpWriter> write)
    {
        var items = new RlpWriter();
        write(items);
        Head(0xc0, items.Written.Length);
        buffer.Write(items.Written);
    }

    /// <summary>A byte as it is: the type in front of a transaction (EIP-2718).</summary>
    public void Raw(byte value) => buffer.Write([value]);

    private void Head(byte kind, int length)
    {
        if (length <= 55)
        {
            Raw((byte)(kind + length));
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        var size = bytes.TrimStart((byte)0);
        Raw((byte)(kind + 55 + size.Length));
        buffer.Write(size);
    }
}
