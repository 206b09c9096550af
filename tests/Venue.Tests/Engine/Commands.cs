using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Builds stamped commands one after the other, as the sequencer would.</summary>
internal sealed class Commands
{
    private readonly byte[] _slot = new byte[CommandSlot.Size];

    /// <summary>Added to the time of all commands from now on, which else pass one per microsecond.</summary>
    public long LaterNs { get; set; }

    /// <summary>Sequence number of the last command.</summary>
    public long Seq { get; private set; }

    /// <summary>A journal's first command.</summary>
    public ReadOnlySpan<byte> Venue(EngineCapacity capacity)
    {
        ref var c = ref Begin<DefineVenue>(CommandType.DefineVenue, 0);
        (c.Orders, c.ClOrdIDs, c.LevelPages, c.HashKey) = (capacity.Orders, capacity.ClOrdIDs, capacity.LevelPages, capacity.HashKey);
        return Whole(in c);
    }

    public ReadOnlySpan<byte> Asset(int number, string code, int decimals)
    {
        ref var c = ref Begin<DefineAsset>(CommandType.DefineAsset, 0);
        c.Asset = number;
        c.Decimals = decimals;
        c.Code = Text16.From(code);
        return Whole(in c);
    }

    public ReadOnlySpan<byte> Firm(int number, string name)
    {
        ref var c = ref Begin<DefineFirm>(CommandType.DefineFirm, 0);
        c.Firm = number;
        c.Name = Text40.From(name);
        return Whole(in c);
    }

    public ReadOnlySpan<byte> Session(int number, int firm, string client)
    {
        ref var c = ref Begin<DefineSession>(CommandType.DefineSession, 0);
        c.DefinedSession = number;
        c.Firm = firm;
        c.ClientCompID = Text40.From(client);
        c.VenueCompID = Text40.From("VENUE");
        return Whole(in c);
    }

    /// <summary>The definition's header is stamped here.</summary>
    public ReadOnlySpan<byte> Instrument(DefineInstrument definition)
    {
        ref var c = ref Begin<DefineInstrument>(CommandType.DefineInstrument, 0);
        definition.Header = c.Header;
        c = definition;
        return Whole(in c);
    }

    public ReadOnlySpan<byte> Credit(int firm, int asset, Int128 atoms, string key)
    {
        ref var c = ref Begin<Credit>(CommandType.Credit, 0);
        c.Firm = firm;
        c.Asset = asset;
        c.Amount = new Amount(atoms);
        c.Key = Text40.From(key);
        return Whole(in c);
    }

    /// <summary>Undoes what two reports told, or puts something else in its place.</summary>
    public ReadOnlySpan<byte> Correct(ExecReport buy, ExecReport sell, long newTicks, long newLots)
    {
        ref var c = ref Begin<CorrectTrade>(CommandType.CorrectTrade, 0);
        (c.Instrument, c.TradeSeq, c.BuyIndex, c.SellIndex, c.TradeID) = (buy.Header.Instrument, buy.Header.Seq, buy.Header.Index, sell.Header.Index, buy.TradeID);
        (c.PriceTicks, c.Lots, c.NewPriceTicks, c.NewLots) = (buy.LastTicks, buy.LastLots, newTicks, newLots);
        (c.BuyOrderID, c.SellOrderID, c.BuySession, c.SellSession) = (buy.OrderID, sell.OrderID, buy.Header.Session, sell.Header.Session);
        (c.BuyFee, c.SellFee) = (buy.Fee, sell.Fee);
        return Whole(in c);
    }

    /// <summary>Any other command: begun and stamped here, the rest filled in by the caller, taken with <see cref="Whole"/>.</summary>
    public ref T Begin<T>(CommandType type, int session) where T : unmanaged
    {
        ref var c = ref Command.Begin<T>(_slot, type);
        ref var header = ref Command.Header(_slot.AsSpan());
        header.Seq = ++Seq;
        header.TimeNs = Seq * 1000 + LaterNs;
        header.Session = session;
        return ref c;
    }

    public static ReadOnlySpan<byte> Whole<T>(in T command) where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command));
}
