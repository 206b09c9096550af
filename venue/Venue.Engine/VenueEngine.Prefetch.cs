using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Fetching what commands that come soon will need, so that they do not wait for memory.</summary>
/// <remarks>
/// To find an order is a chain: table, ClOrdID, order, its level and neighbours, each known only when the one before has
/// come. So each call takes the last few commands one link further. All of it is hints: what is out of date is fetched in vain.
/// </remarks>
public sealed partial class VenueEngine<TEvents>
{
    // The chain's links, of one command each: the hint before, the one before that, and so on.
    private uint _soonHash;
    private int _soonID;
    private int _soonSlot;
    private int _soonMaker;

    /// <summary>A hint that this command, well formed or not, comes soon. It changes nothing.</summary>
    /// <remarks>To be called once per command of a batch, in order, four commands ahead of <see cref="Apply"/>.</remarks>
    public void Prefetch(ReadOnlySpan<byte> command)
    {
        if (_soonSlot != 0) PrefetchAround(_soonSlot);
        if (_soonMaker != 0) PrefetchAround(_soonMaker);
        _soonSlot = _soonID == 0 ? 0 : _ids[_soonID].Order;
        if (_soonSlot != 0) PrefetchOrder(_soonSlot);
        _soonID = _soonHash == 0 ? 0 : _ids.Guess(_soonHash);
        _soonHash = 0;
        _soonMaker = 0;
        if (!Command.IsWellFormed(command)) return;
        ref readonly var header = ref Command.Header(command);
        switch (header.Type)
        {
            case CommandType.NewOrder:
                ref readonly var order = ref Command.As<NewOrder>(command);
                Prefetch(header.Session, in order.ClOrdID);
                _soonMaker = InstrumentOf(order.Instrument)?.Book.FirstMaker(order.Side, new Price(order.PriceTicks)) ?? 0;
                if (_soonMaker != 0) PrefetchOrder(_soonMaker);
                break;
            case CommandType.CancelOrder:
                Prefetch(header.Session, in Command.As<CancelOrder>(command).ClOrdID);
                _soonHash = Prefetch(header.Session, in Command.As<CancelOrder>(command).OrigClOrdID);
                break;
            case CommandType.ReplaceOrder:
                Prefetch(header.Session, in Command.As<ReplaceOrder>(command).ClOrdID);
                _soonHash = Prefetch(header.Session, in Command.As<ReplaceOrder>(command).OrigClOrdID);
                break;
            default: break;
        }
    }

    /// <summary>The large tables: whoever owns the process may ask the system for huge pages there. They stay where they are.</summary>
    public IEnumerable<MemoryRange> Memory => [_slab.Memory, _orders.Memory, _pages.Memory, .. _ids.Memory];

    private uint Prefetch(int session, in Text40 clOrdID)
    {
        var hash = _ids.HashOf(session, in clOrdID);
        _ids.Prefetch(hash);
        return hash;
    }

    private void PrefetchOrder(int slot)
    {
        Cache.Prefetch(in _slab[slot]);
        Cache.Prefetch(in _orders[slot]);
        _sessionOrders.Prefetch(slot);
    }

    private void PrefetchAround(int slot)
    {
        ref var order = ref _orders[slot];
        Cache.Prefetch(in _ids[order.ClOrdID]);
        InstrumentOf(order.Instrument)?.Book.Prefetch(slot);
        _sessionOrders.PrefetchAround(slot);
    }
}
