using System.Buffers;
using System.Buffers.Binary;

namespace Custody.Chains.Bitcoin;

/// <summary>Writes Bitcoin's wire form.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Byte(byte value) => Bytes([value]);

    public void Bytes(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void CompactSize(int size)
    {
        if (size < 0xfd)
        {
            Byte((byte)size);
        }
        else if (size <= 0xffff)
        {
            Bytes([0xfd, (byte)size, (byte)(size >> 8)]);
        }
        else
        {
            Byte(0xfe);
            UInt32((uint)size);
        }
    }

    public void VarBytes(ReadOnlySpan<byte> bytes)
    {
        CompactSize(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>How many bytes <see cref="CompactSize"/> takes.</summary>
    public static int CompactSizeOf(int size) => size < 0xfd ? 1 : size <= 0xffff ? 3 : 5;
}
