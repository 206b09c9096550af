using System.Numerics;
using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Fetching what commands that come soon will need, so that they do not wait for memory.</summary>
/// <remarks>
/// To find an order is a chain: table, order, its level and neighbours, each known only when the one before has
/// come. So each call takes the last few commands one link further. All of it is hints: what is out of date is fetched in vain.
/// </remarks>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>Commands that are best hinted ahead of <see cref="Apply"/>: each link of the chain has two commands' time to come.</summary>
    public const int HintsAhead = 6;

    private const int HintsMask = 7;

    /// <summary>What is known of one hinted command so far.</summary>
    private struct Hint
    {
        /// <summary>Of the ClOrdID that names its order; all zero when it names none.</summary>
        public IDHash Named;
        /// <summary>The order that it names; 0 for none.</summary>
        public int Slot;
        /// <summary>The level where it will rest, if something rests there; 0 for none.</summary>
        public int Level;
        /// <summary>The last order of those it would trade with that was sent for, and how much of it would be left then.</summary>
        public int Maker;
        public int Instrument;
        public long Lots;
        public Side Side;
    }

    [InlineArray(HintsMask + 1)]
    private struct Hints
    {
        private Hint _first;
    }

    private Hints _hints;
    private int _hinted;
    // A bit for each hint that would trade with more than what was sent for.
    private uint _trading;

    /// <summary>A hint that this command, well formed or not, comes soon. It changes nothing.</summary>
    /// <remarks>To be called once per command of a batch, in order, <see cref="HintsAhead"/> commands ahead of <see cref="Apply"/>.</remarks>
    public void Prefetch(ReadOnlySpan<byte> command)
    {
        var at = ++_hinted;
        _trading &= ~(1u << (at & HintsMask));
        for (var trading = _trading; trading != 0; trading &= trading - 1) PrefetchNextMaker(BitOperations.TrailingZeroCount(trading));
        var known = _hints[(at - 4) & HintsMask].Slot;
        if (known != 0) PrefetchAround(known);
        ref var named = ref _hints[(at - 2) & HintsMask];
        if (named.Level != 0) _slab.PrefetchResting(_pages.TailOf(named.Level));
        if (named.Named.Tag != 0 && _ids.OrderAt(_ids.Find(in named.Named)) is not 0 and var slot)
        {
            named.Slot = slot;
            _slab.Prefetch(slot);
        }
        ref var hint = ref _hints[at & HintsMask];
        hint = default;
        if (!Command.IsWellFormed(command)) return;
        ref readonly var header = ref Command.Header(command);
        switch (header.Type)
        {
            case CommandType.NewOrder:
                ref readonly var order = ref Command.As<NewOrder>(command);
                Prefetch(header.Session, in order.ClOrdID);
                var book = InstrumentOf(order.Instrument)?.Book;
                if (book is null) break;
                hint.Maker = book.FirstMaker(order.Side, new Price(order.OrdType != OrdType.Market ? order.PriceTicks : order.Side == Side.Buy ? Ladder.TicksMax : 1));
                if (hint.Maker != 0)
                {
                    _slab.Prefetch(hint.Maker);
                    (hint.Instrument, hint.Side, hint.Lots) = (order.Instrument, order.Side, order.Lots);
                    _trading |= 1u << (at & HintsMask);
                }
                else hint.Level = PrefetchLevel(book, order.Side, order.PriceTicks);
                break;
            case CommandType.CancelOrder:
                ref readonly var cancel = ref Command.As<CancelOrder>(command);
                Prefetch(header.Session, in cancel.ClOrdID);
                hint.Named = Prefetch(header.Session, in cancel.OrigClOrdID);
                break;
            case CommandType.ReplaceOrder:
                ref readonly var replace = ref Command.As<ReplaceOrder>(command);
                Prefetch(header.Session, in replace.ClOrdID);
                hint.Named = Prefetch(header.Session, in replace.OrigClOrdID);
                if (InstrumentOf(replace.Instrument) is { } instrument) hint.Level = PrefetchLevel(instrument.Book, replace.Side, replace.PriceTicks);
                break;
            default: break;
        }
    }

    /// <summary>The large tables: whoever owns the process may ask the system for huge pages there. They stay where they are.</summary>
    public IEnumerable<MemoryRange> Memory => [_slab.Memory, _pages.Memory, _places.Memory, .. _ids.Memory];

    private IDHash Prefetch(int session, in Text40 clOrdID)
    {
        var hash = _ids.HashOf(session, in clOrdID);
        _ids.Prefetch(in hash);
        return hash;
    }

    /// <summary>The level where an order of this price would rest, fetched: its last order is looked at then.</summary>
    private int PrefetchLevel(Book<Fills> book, Side side, long ticks)
    {
        var level = book.LevelOf(side, ticks);
        if (level != 0) _pages.Prefetch(level);
        return level;
    }

    /// <summary>One order further along those that a hinted one would trade with; of the one that has come, its session's neighbours.</summary>
    private void PrefetchNextMaker(int at)
    {
        ref var hint = ref _hints[at];
        ref var maker = ref _orders[hint.Maker];
        _slab.PrefetchBeside(maker.Previous);
        _slab.PrefetchBeside(maker.Next);
        hint.Lots -= maker.Resting.Lots;
        hint.Maker = hint.Lots > 0 ? _instruments[hint.Instrument]!.Book.NextMaker(hint.Side, hint.Maker) : 0;
        if (hint.Maker == 0) _trading &= ~(1u << at);
        else _slab.Prefetch(hint.Maker);
    }

    private void PrefetchAround(int slot)
    {
        ref var order = ref _orders[slot];
        InstrumentOf(order.Instrument)?.Book.Prefetch(slot);
        _slab.PrefetchBeside(order.Previous);
        _slab.PrefetchBeside(order.Next);
    }
}
