using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The bytes of all events since the last <see cref="Clear"/>.</summary>
internal sealed class EventLog
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public delegate void Report(in ExecReport e);

    /// <summary>Told each execution report as it happens.</summary>
    public Report? OnReport { get; init; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add<T>(in T e) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in e));
        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}

/// <summary>Writes an engine's events to a log.</summary>
internal readonly struct Recorder(EventLog log) : IEvents
{
    public void On(in AssetDefined e) => log.Add(in e);
    public void On(in InstrumentDefined e) => log.Add(in e);
    public void On(in FirmDefined e) => log.Add(in e);
    public void On(in SessionDefined e) => log.Add(in e);
    public void On(in Credited e) => log.Add(in e);
    public void On(in WithdrawalHeld e) => log.Add(in e);
    public void On(in WithdrawalSettled e) => log.Add(in e);
    public void On(in WithdrawalReleased e) => log.Add(in e);
    public void On(in Killed e) => log.Add(in e);
    public void On(in Refused e) => log.Add(in e);
    public void On(in ExecReport e)
    {
        log.OnReport?.Invoke(in e);
        log.Add(in e);
    }
    public void On(in CancelReject e) => log.Add(in e);
    public void On(in Trade e) => log.Add(in e);
    public void On(in LevelChanged e) => log.Add(in e);
    public void On(in MassCancelReport e) => log.Add(in e);
    public void On(in MassStatusReport e) => log.Add(in e);
    public void On(in SessionConnected e) => log.Add(in e);
    public void On(in SessionDisconnected e) => log.Add(in e);
    public void On(in MatchPrevented e) => log.Add(in e);
    public void On(in TradingDefined e) => log.Add(in e);
    public void On(in PhaseChanged e) => log.Add(in e);
    public void On(in Indicative e) => log.Add(in e);
    public void On(in SelfTradeDefined e) => log.Add(in e);
    public void On(in OperationDone e) => log.Add(in e);
    public void On(in QuotingDefined e) => log.Add(in e);
    public void On(in QuoteReport e) => log.Add(in e);
    public void On(in QuotesCanceled e) => log.Add(in e);
    public void On(in QuoteStatusReport e) => log.Add(in e);
    public void On(in ProtectionTripped e) => log.Add(in e);
    public void On(in ProtectionReset e) => log.Add(in e);
    public void On(in QuoteRequested e) => log.Add(in e);
    public void On(in QuoteOffered e) => log.Add(in e);
    public void On(in RequestEnded e) => log.Add(in e);
    public void On(in OfferEnded e) => log.Add(in e);
    public void On(in OfferHit e) => log.Add(in e);
    public void On(in MarginChanged e) => log.Add(in e);
    public void On(in MarginTransferred e) => log.Add(in e);
}
