using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Margin: definitions, credit lines to owe within, index prices that move, interest, slices of what is left to do.</summary>
internal sealed partial class RandomCommands
{
    private const int MarginFirms = 4;

    private readonly long[] _index = [5000, 5000];

    /// <summary>Three accounts that may owe, a fund that may take them over, and prices.</summary>
    private void SetUpMargin()
    {
        for (var asset = 1; asset <= 3; asset++)
        {
            var a = asset;
            SetUp(() => MarginAsset(a, a - 1, a * 500).ToArray());
            if (a > 1) SetUp(() => Index(a - 1, 5000).ToArray());
            if (a > 1) SetUp(() => Liquidation(a - 1, 1000, 100, 10, 50_000).ToArray());
            for (var firm = 1; firm <= MarginFirms; firm++) { var f = firm; SetUp(() => Line(f, a, a == 1 ? 50 : a == 2 ? 1000 : 10_000).ToArray()); }
        }
        for (var firm = 1; firm < MarginFirms; firm++) { var f = firm; SetUp(() => MarginAccount(f, f == 1 ? 4 : f - 1, 2000, 1000).ToArray()); }
        SetUp(() => Insurance(MarginFirms).ToArray());
    }

    private ReadOnlySpan<byte> Margin() => _random.Below(100) switch
    {
        < 3 => Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0)),
        < 35 => Lever(),
        < 60 => Commands.Whole(in _commands.Begin<ContinueMargin>(CommandType.ContinueMargin, 0)),
        < 75 => MovingIndex(),
        < 79 => Line(1 + _random.Below(MarginFirms), 1 + _random.Below(3), _random.Below(100) * 20),
        < 82 => MarginAsset(_random.OneIn(20) ? _random.Below(5) : 1 + _random.Below(3)),
        < 90 => MarginAccount(_random.OneIn(20) ? _random.Below(7) : 1 + _random.Below(3)),
        < 94 => Liquidation(1 + _random.Below(_random.OneIn(10) ? 4 : 2), _random.Below(_random.OneIn(20) ? 12_000 : 3000), _random.OneIn(6) ? 0 : 1 + _random.Below(2000), _random.Below(20), _random.Below(200) * 1000),
        < 96 => Insurance(_random.OneIn(5) ? _random.Below(6) : MarginFirms),
        _ => Interest(_random.OneIn(10) ? _random.Below(5) : 1 + _random.Below(3), _random.OneIn(20) ? 0 : 1 + _random.Below(5000)),
    };

    /// <summary>What makes accounts owe: some always buy, some always sell, the last firm takes the other side.</summary>
    private ReadOnlySpan<byte> Lever()
    {
        var session = 1 + _random.Below(Sessions - 1);
        ref var c = ref _commands.Begin<NewOrder>(CommandType.NewOrder, session);
        var isMaker = session == 3;
        var id = ClOrdID(session);
        (c.ClOrdID, c.Instrument, c.OrdType) = (Text40.From(id), 1 + _random.Below(2), OrdType.Limit);
        c.Side = isMaker ? Side() : session % 2 == 0 ? Venue.Messages.Side.Buy : Venue.Messages.Side.Sell;
        c.TimeInForce = isMaker ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
        c.PriceTicks = c.Side == Venue.Messages.Side.Buy == isMaker ? _middle - 50 : _middle + 50;
        c.Lots = isMaker ? 500 : 1 + _random.Below(80);
        Note(session, id, c.Instrument, c.Side);
        return Commands.Whole(in c);
    }

    /// <param name="firm">Whose.</param>
    /// <param name="asset">Of which it may owe.</param>
    /// <param name="tenths">In a tenth of a million atoms, of Y in a thousandth of one.</param>
    private ReadOnlySpan<byte> Line(int firm, int asset, int tenths)
    {
        ref var c = ref _commands.Begin<SetCreditLine>(CommandType.SetCreditLine, 0);
        (c.Firm, c.Asset, c.Amount) = (firm, asset, new Amount(tenths * (asset == 3 ? (Int128)1_000_000_000_000_000 : asset == 1 ? 100_000 : 100)));
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> MarginAsset(int asset) => MarginAsset(asset, _random.OneIn(20) ? _random.Below(5) : asset - 1, _random.OneIn(30) ? 10_001 : _random.Below(10) * 300);

    private ReadOnlySpan<byte> MarginAsset(int asset, int instrument, int haircutBps)
    {
        ref var c = ref _commands.Begin<DefineMarginAsset>(CommandType.DefineMarginAsset, 0);
        (c.Asset, c.Instrument, c.HaircutBps) = (asset, instrument, haircutBps);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> MarginAccount(int firm)
    {
        var initial = _random.OneIn(25) ? 0 : 300 + _random.Below(2500);
        return MarginAccount(firm, _random.OneIn(20) ? _random.Below(9) : firm == 1 ? 4 : firm - 1, initial, _random.OneIn(30) ? 5000 : 1 + _random.Below(Math.Max(initial, 1)));
    }

    private ReadOnlySpan<byte> MarginAccount(int firm, int session, int initialBps, int maintenanceBps)
    {
        ref var c = ref _commands.Begin<DefineMarginAccount>(CommandType.DefineMarginAccount, 0);
        (c.Firm, c.ToldSession, c.InitialBps, c.MaintenanceBps) = (firm, session, initialBps, maintenanceBps);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Liquidation(int instrument, int slippageBps, int slice, int orders, int windowNs)
    {
        ref var c = ref _commands.Begin<DefineLiquidation>(CommandType.DefineLiquidation, 0);
        (c.Instrument, c.SlippageBps, c.SliceLots, c.OrdersMax, c.WindowNs) = (instrument, slippageBps, slice, orders, windowNs);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Insurance(int firm)
    {
        ref var c = ref _commands.Begin<DefineInsurance>(CommandType.DefineInsurance, 0);
        c.Firm = firm;
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Interest(int asset, int ratePpm)
    {
        ref var c = ref _commands.Begin<ChargeInterest>(CommandType.ChargeInterest, 0);
        (c.Asset, c.RatePpm) = (asset, ratePpm);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Index(int instrument, long ticks)
    {
        ref var c = ref _commands.Begin<SetIndexPrice>(CommandType.SetIndexPrice, 0);
        (c.Instrument, c.PriceTicks) = (instrument, ticks);
        return Commands.Whole(in c);
    }

    /// <summary>Mostly near the market; sometimes it jumps, so that accounts are worth less than nothing at once.</summary>
    private ReadOnlySpan<byte> MovingIndex()
    {
        var which = _random.Below(2);
        ref var price = ref _index[which];
        price = _random.Below(8) switch { 0 or 3 => _middle * (50 + _random.Below(100)) / 100, 1 or 2 => _middle, _ => Math.Max(1, price + _random.Below(101) - 50) };
        return Index(which + 1, price);
    }
}
