using System.Globalization;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>
/// A member's session as the exchange remembers it: messages for as long as the sandbox runs, both numbers also over a
/// restart when there is a file for them. The exchange's orders do not outlive it, so a gap fill stands for older messages.
/// </summary>
/// <remarks>The file is a line "next out, next in". Numbers to send are taken in blocks, written before the first is used.</remarks>
internal sealed class MemberStore : ISessionStore
{
    private const int Block = 1000;

    private readonly MemoryStore _run = new();
    private readonly string? _path;
    private int _reserved;

    /// <param name="path">The file, or null to forget everything at the end.</param>
    /// <exception cref="InvalidDataException">It is there and is not such a line.</exception>
    public MemberStore(string? path)
    {
        _path = path;
        if (path is null || !File.Exists(path)) return;
        if (File.ReadAllText(path).Trim().Split(' ') is not [var nextOut, var nextIn] || Number(nextOut) is not { } sent || Number(nextIn) is not { } received)
            throw new InvalidDataException($"{path} does not hold two sequence numbers: delete it, and let the client reset its own");
        (_run.NextOut, _run.NextIn, _reserved) = (sent, received, sent);
    }

    /// <inheritdoc/>
    public int NextOut => _run.NextOut;

    /// <inheritdoc/>
    public int NextIn => _run.NextIn;

    /// <inheritdoc/>
    public void Sent(int msgSeqNum, ReadOnlySpan<byte> message)
    {
        _run.Sent(msgSeqNum, message);
        if (_run.NextOut <= _reserved) return;
        _reserved = _run.NextOut + Block;
        Write();
    }

    // The number of the next to come may be an old one after a restart: then the client is asked again, and fills the gap.
    /// <inheritdoc/>
    public void Received(int nextIn) => _run.Received(nextIn);

    /// <inheritdoc/>
    public long ResetNs => _run.ResetNs;

    /// <inheritdoc/>
    public void Reset(long nowNs)
    {
        _run.Reset(nowNs);
        _reserved = 1;
        Write();
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Find(int msgSeqNum) => _run.Find(msgSeqNum);

    private void Write()
    {
        if (_path is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var next = _path + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{_reserved} {_run.NextIn}\n"));
        File.Move(next, _path, overwrite: true);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
