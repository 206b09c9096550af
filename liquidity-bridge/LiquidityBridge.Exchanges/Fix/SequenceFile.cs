using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>
/// An initiator's memory of its session: the two numbers. Orders are never resent, since a stale order is worse than a
/// missing one; a gap fill stands for them.
/// </summary>
/// <remarks>
/// 12 bytes, little-endian: next out (4), next in (4), check (4, the two xored with a constant). Numbers to send are
/// taken in blocks, each on the disk before its first number is used: after a crash, also of the machine, the first
/// number is above all that were used, and the peer has the gap filled. Closing writes the exact number.
/// The number to receive is written by what <see cref="Mark"/> gives, and by nothing else: after a crash it can lie below
/// what was received, never above what the caller has put away, and the peer is asked for the rest again. Sent and
/// received by one thread at a time; a mark may be kept by any.
/// </remarks>
public sealed class SequenceFile : ISessionStore, IDisposable
{
    private const int Block = 256;
    private const int Length = 12;
    private const int Check = 0x46495834;

    private readonly Lock _lock = new();   // around what the file says
    private readonly SafeFileHandle _file;
    private int _reserved, _kept, _resets;

    /// <summary>Opens the file or makes it.</summary>
    /// <exception cref="InvalidDataException">It is there and is not a sequence file.</exception>
    public SequenceFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> bytes = stackalloc byte[Length];
        var read = RandomAccess.Read(_file, bytes, 0);
        if (read == 0)
        {
            (NextOut, NextIn) = (1, 1);
        }
        else
        {
            NextOut = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            NextIn = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            if (read != Length || NextOut < 1 || NextIn < 1 || (NextOut ^ NextIn ^ Check) != BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]))
                throw new InvalidDataException($"{path} is not a sequence file, or is damaged: agree on new numbers with the counterparty and delete it");
        }
        (_reserved, _kept) = (NextOut, NextIn);
    }

    /// <inheritdoc/>
    public int NextOut { get; private set; }

    /// <inheritdoc/>
    public int NextIn { get; private set; }

    /// <inheritdoc/>
    public void Sent(int msgSeqNum, ReadOnlySpan<byte> message)
    {
        NextOut = msgSeqNum + 1;
        if (NextOut <= _reserved) return;
        lock (_lock)
        {
            _reserved = NextOut + Block;
            Write(_reserved, durable: true);
        }
    }

    /// <inheritdoc/>
    public void Received(int nextIn) => NextIn = nextIn;

    /// <summary>True when more was received than the file says.</summary>
    public bool IsBehind => NextIn != Volatile.Read(ref _kept);

    /// <summary>Gives what writes the number of now to the file: to be called once all that was received is put away. Without effect after a reset, and once the file is closed.</summary>
    public Action Mark()
    {
        var (nextIn, resets) = (NextIn, _resets);
        return () =>
        {
            lock (_lock)
            {
                if (resets != _resets || _file.IsClosed) return;
                _kept = nextIn;
                Write(_reserved, durable: false);
            }
        };
    }

    /// <inheritdoc/>
    public void Reset(long nowNs)
    {
        lock (_lock)
        {
            NextOut = NextIn = _reserved = _kept = 1;
            _resets++;
            Write(1, durable: true);
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Find(int msgSeqNum) => default;

    public void Dispose()
    {
        lock (_lock)
        {
            if (_file.IsClosed) return;
            Write(NextOut, durable: true);
            _file.Dispose();
        }
    }

    private void Write(int nextOut, bool durable)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, nextOut);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], _kept);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], nextOut ^ _kept ^ Check);
        RandomAccess.Write(_file, bytes, 0);
        if (durable) RandomAccess.FlushToDisk(_file);
    }
}
