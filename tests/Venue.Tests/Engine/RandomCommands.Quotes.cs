using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Quotes of three providers, mostly sound, around the middle; protections that trip and are reset; quotes that are pulled.</summary>
internal sealed partial class RandomCommands
{
    private static readonly int[] Providers = [1, 2, 5];
    private int _defined;

    private ReadOnlySpan<byte> Quoting()
    {
        if (_defined < Providers.Length || _random.OneIn(60)) return DefineQuoting();
        if (_random.OneIn(4)) return Asking();
        return _random.Below(20) switch
        {
            < 15 => Quote(),
            < 17 => CancelQuotes(),
            < 18 => QuoteStatus(),
            _ => Reset(),
        };
    }

    private ReadOnlySpan<byte> DefineQuoting()
    {
        ref var c = ref _commands.Begin<DefineQuoting>(CommandType.DefineQuoting, 0);
        c.DefinedSession = _defined < Providers.Length ? Providers[_defined++] : _random.OneIn(20) ? Session() : Provider();
        c.Instrument = _random.OneIn(3) ? 0 : _random.OneIn(20) ? 9 : 1 + _random.Below(3);
        if (_random.OneIn(2)) c.FillsMax = 1 + _random.Below(6);
        if (c.Instrument != 0 || _random.OneIn(20))
        {
            if (_random.OneIn(3)) c.LotsMax = 1 + _random.Below(150);
            if (_random.OneIn(3)) c.NotionalMax = new Amount((Int128)(100_000 + _random.Below(400_000)) * _instruments[Math.Clamp(c.Instrument, 1, 3) - 1].TickLotAtoms);
            if (_random.OneIn(3)) (c.SpreadMaxPpm, c.SizeMinLots) = (1 + _random.Below(20_000), 1 + _random.Below(20));
        }
        if (c.FillsMax > 0 || c.LotsMax > 0 || c.NotionalMax.Atoms > 0 || _random.OneIn(30)) c.WindowNs = 1 + _random.Below(500_000);
        if (_random.OneIn(3)) c.LifeMinNs = _random.Below(40_000);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Quote()
    {
        if (_random.OneIn(50)) _middle = Math.Clamp(_middle + _random.Below(21) - 10, 4000, 6000);
        ref var c = ref _commands.Begin<Quote>(CommandType.Quote, Provider());
        c.QuoteID = Text40.From(QuoteID());
        c.QuoteSetID = Text16.From("set");
        c.QuoteEntryID = Text16.From($"e{_random.Below(100)}");
        c.Instrument = _random.OneIn(100) ? _random.Below(6) - 1 : 1 + _random.Below(3);
        c.Flags = QuoteFlags.Bid | QuoteFlags.Ask | (_random.OneIn(3) ? QuoteFlags.Last : 0);
        if (_random.OneIn(8)) c.Flags &= ~(_random.OneIn(2) ? QuoteFlags.Bid : QuoteFlags.Ask);
        if (_random.OneIn(100)) c.Flags &= ~(QuoteFlags.Bid | QuoteFlags.Ask);
        var half = _random.OneIn(20) ? -_random.Below(3) : 1 + _random.Below(_random.OneIn(3) ? 30 : 4);
        (c.BidTicks, c.AskTicks) = (_middle - half, _middle + half);
        if (_random.OneIn(200)) c.BidTicks = _random.Below(20_000) - 1;
        (c.BidLots, c.AskLots) = (QuoteLots(), QuoteLots());
        if (_random.OneIn(24)) c.BidTicks = 0;
        if (_random.OneIn(24)) c.BidLots = 0;
        if (_random.OneIn(12)) c.AskLots = 0;
        (c.BidFlags, c.AskFlags) = (_random.OneIn(200) ? (OrderFlags)_random.Below(16) : 0, _random.OneIn(200) ? (OrderFlags)_random.Below(16) : 0);
        if (_random.OneIn(5)) c.ValidUntilNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(200_000) - (_random.OneIn(20) ? 100_000 : 0);
        c.ResponseLevel = (byte)_random.Below(3);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> CancelQuotes()
    {
        ref var c = ref _commands.Begin<CancelQuotes>(CommandType.CancelQuotes, Provider());
        c.QuoteID = Text40.From(QuoteID());
        c.Scope = _random.OneIn(40) ? (QuoteCancelScope)_random.Below(8) : _random.Below(6) switch { < 3 => QuoteCancelScope.Instrument, 3 => QuoteCancelScope.All, _ => QuoteCancelScope.QuoteID };
        c.Instrument = _random.OneIn(20) ? _random.Below(7) : 1 + _random.Below(3);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> QuoteStatus()
    {
        ref var c = ref _commands.Begin<QuoteStatus>(CommandType.QuoteStatus, Provider());
        c.RequestID = Text40.From("a");
        if (_random.OneIn(2)) c.QuoteID = Text40.From(QuoteID());
        c.Instrument = _random.OneIn(20) ? _random.Below(7) : 1 + _random.Below(3);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Reset()
    {
        ref var c = ref _commands.Begin<ResetProtection>(CommandType.ResetProtection, Provider());
        c.QuoteID = Text40.From(QuoteID());
        c.Flags = QuoteFlags.Last;
        return Commands.Whole(in c);
    }

    /// <summary>Few enough that a cancel by it finds something.</summary>
    private string QuoteID() => $"Q{_random.Below(20)}";

    private long QuoteLots() => _random.OneIn(60) ? _random.Below(1200) : 1 + _random.Below(30);

    private int Provider() => _random.OneIn(100) ? Session() : Providers[_random.Below(Providers.Length)];
}
