using System.Globalization;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>Two-sided quotes that move both sides, beside two replaces that do the same to two orders: what a provider that has no quotes would send.</summary>
internal sealed class QuoteCommands
{
    private const int Instruments = 25, Count = 400_000, Repetitions = 5, Chunk = 2000;

    private readonly VenueEngine<EveryEvent<Silent>> _engine = new(new EngineCapacity { Orders = 1 << 12, ClOrdIDs = 1 << 20, LevelPages = 1 << 10 }, default);
    private readonly byte[] _slot = new byte[CommandSlot.Size];
    private readonly bool _isQuoting;
    private long _seq;
    private int _replaced;

    private QuoteCommands(bool isQuoting)
    {
        _isQuoting = isQuoting;
        Apply(CommandType.DefineAsset, (ref DefineAsset c) => (c.Asset, c.Code) = (1, Text16.From("USD")));
        Apply(CommandType.DefineAsset, (ref DefineAsset c) => (c.Asset, c.Code) = (2, Text16.From("X")));
        for (var i = 1; i <= Instruments; i++)
        {
            var number = i;
            Apply(CommandType.DefineInstrument, (ref DefineInstrument c) =>
            {
                (c.Instrument, c.BaseAsset, c.QuoteAsset, c.TickMantissa, c.LotMantissa, c.LotAtoms, c.TickLotAtoms) = (number, 2, 1, 1, 1, 1, 1);
                (c.MinLots, c.MaxLots, c.MaxPriceTicks, c.Symbol) = (1, 1_000_000, 1 << 20, Text16.From($"X{number}"));
            });
        }
        Apply(CommandType.DefineFirm, (ref DefineFirm c) => (c.Firm, c.Name) = (1, Text40.From("provider")));
        Apply(CommandType.DefineSession, (ref DefineSession c) => (c.DefinedSession, c.Firm, c.ClientCompID) = (1, 1, Text40.From("LP")));
        for (var i = 1; i <= 2; i++)
        {
            var asset = i;
            Apply(CommandType.Credit, (ref Credit c) => (c.Firm, c.Asset, c.Amount, c.Key) = (1, asset, new Amount((Int128)1 << 80), Text40.From($"k{asset}")));
        }
        if (isQuoting) Apply(CommandType.DefineQuoting, (ref DefineQuoting c) => c.DefinedSession = 1);
        else for (var i = 1; i <= Instruments * 2; i++) Order(i);
    }

    public static void Print()
    {
        var quotes = Best(isQuoting: true);
        var replaces = Best(isQuoting: false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a two-sided quote {quotes:F0} ns ({1e9 / quotes:N0}/s), two replaces {replaces:F0} ns: x{quotes / replaces:F2} (thread CPU time, least of each {Chunk} over {Repetitions} repetitions, {Instruments} instruments)"));
    }

    private static double Best(bool isQuoting)
    {
        var best = new long[Count / Chunk];
        Array.Fill(best, long.MaxValue);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var run = new QuoteCommands(isQuoting);
            for (var chunk = 0; chunk < best.Length; chunk++)
            {
                var started = ThreadClock.NowNs();
                for (var i = 0; i < Chunk; i++) run.Next(chunk * Chunk + i);
                best[chunk] = Math.Min(best[chunk], ThreadClock.NowNs() - started);
            }
            run._engine.CheckInvariants();
            if (run._engine.OpenOrders != Instruments * 2) throw new InvalidOperationException($"{run._engine.OpenOrders} orders are open, {Instruments * 2} should be");
        }
        return (double)best.Sum() / Count;
    }

    private void Next(int i)
    {
        var instrument = 1 + i % Instruments;
        var (bid, ask) = (50_000 + i / Instruments % 2 * 3, 50_100 + i / Instruments % 2 * 3);
        if (!_isQuoting)
        {
            Replace(instrument * 2 - 1, instrument, bid);
            Replace(instrument * 2, instrument, ask);
            return;
        }
        ref var c = ref Begin<Quote>(CommandType.Quote);
        Text40.TryFrom("Q1"u8, out c.QuoteID);
        Text16.TryFrom("1"u8, out c.QuoteEntryID);
        (c.Instrument, c.BidTicks, c.BidLots, c.AskTicks, c.AskLots, c.Flags) = (instrument, bid, 10, ask, 10, QuoteFlags.Bid | QuoteFlags.Ask);
        _engine.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<Quote>(in c)));
    }

    private void Order(int number)
    {
        ref var c = ref Begin<NewOrder>(CommandType.NewOrder);
        Name(number, 0, out c.ClOrdID);
        (c.Instrument, c.Side, c.OrdType, c.TimeInForce, c.Lots) = ((number + 1) / 2, number % 2 == 1 ? Side.Buy : Side.Sell, OrdType.Limit, TimeInForce.GoodTillCancel, 10);
        c.PriceTicks = number % 2 == 1 ? 50_003 : 50_103;
        _engine.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<NewOrder>(in c)));
    }

    private void Replace(int number, int instrument, long ticks)
    {
        ref var c = ref Begin<ReplaceOrder>(CommandType.ReplaceOrder);
        var turn = _replaced++ / (Instruments * 2);
        Name(number, turn, out c.OrigClOrdID);
        Name(number, turn + 1, out c.ClOrdID);
        (c.Instrument, c.OrdType, c.PriceTicks, c.Lots) = (instrument, OrdType.Limit, ticks, 10);
        _engine.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<ReplaceOrder>(in c)));
    }

    /// <summary>Eight bytes that name an order's turn.</summary>
    private static void Name(int number, int turn, out Text40 id)
    {
        Span<byte> text = stackalloc byte[8];
        for (var i = 0; i < 2; i++) text[i] = (byte)('A' + (number >> (4 * i) & 15));
        for (var i = 0; i < 6; i++) text[2 + i] = (byte)('A' + (turn >> (4 * i) & 15));
        Text40.TryFrom(text, out id);
    }

    private delegate void Fill<T>(ref T command);

    private void Apply<T>(CommandType type, Fill<T> fill) where T : unmanaged
    {
        ref var c = ref Begin<T>(type);
        fill(ref c);
        _engine.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in c)));
    }

    private ref T Begin<T>(CommandType type) where T : unmanaged
    {
        ref var c = ref Command.Begin<T>(_slot, type);
        ref var header = ref Command.Header(_slot.AsSpan());
        (header.Seq, header.TimeNs, header.Session) = (++_seq, _seq * 1000, type >= CommandType.NewOrder && type != CommandType.DefineQuoting ? 1 : 0);
        return ref c;
    }
}
