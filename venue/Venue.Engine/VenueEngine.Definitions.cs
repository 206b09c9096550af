using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Definitions and credits: rare, and the only commands that may allocate.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <remarks>The owner has made this engine by it; an engine of another size would decide otherwise.</remarks>
    private void On(in DefineVenue c)
    {
        if (_seq != 1 || EngineCapacity.For(in c) != _capacity) Refuse(in c.Header, Reason.Contradiction);
    }

    private void On(in DefineAsset c)
    {
        var isNew = c.Asset == _assets.Count;
        if (isNew ? !Definitions.IsSound(in c) || HasCode(c.Code) : !IsKnown(c.Asset, _assets.Count) || !Definitions.AreSame(in c, _assets[c.Asset]))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        if (isNew)
        {
            _assets.Add(c);
            _balances.AddAsset();
        }
        _events.On(new AssetDefined { Header = Header<AssetDefined>(EventType.AssetDefined, 0, 0), Definition = c });
    }

    private void On(in DefineInstrument c)
    {
        if (!IsKnown(c.BaseAsset, _assets.Count) || !IsKnown(c.QuoteAsset, _assets.Count)
            || !Definitions.IsSound(in c, _assets[c.BaseAsset].Decimals, _assets[c.QuoteAsset].Decimals)
            || !(c.Instrument == _instrumentCount + 1 ? TryAdd(in c) : TryChange(in c)))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        _events.On(new InstrumentDefined { Header = Header<InstrumentDefined>(EventType.InstrumentDefined, 0, c.Instrument), Definition = c });
    }

    private bool TryAdd(in DefineInstrument c)
    {
        // An order record counts instruments in 16 bits.
        if (c.Instrument > ushort.MaxValue) return false;
        for (var number = 1; number <= _instrumentCount; number++)
            if (_instruments[number]!.Definition.Symbol == c.Symbol) return false;
        if (c.Instrument == _instruments.Length) Array.Resize(ref _instruments, _instruments.Length * 2);
        _instruments[c.Instrument] = new Instrument<Fills>(in c, new Book<Fills>(_slab, _pages, new Price(c.MaxPriceTicks), new Fills(this)));
        _instruments[c.Instrument]!.Open.Set(_timeNs, runs: true);
        _instrumentCount++;
        _positions.AddInstrument(c.Instrument);
        return true;
    }

    private bool TryChange(in DefineInstrument c)
    {
        var instrument = InstrumentOf(c.Instrument);
        if (instrument is null || !Definitions.HasSameUnits(in c, in instrument.Definition)) return false;
        // Orders of an earlier limit may still rest: the highest of all limits must fit together.
        if (!Definitions.FitsNotional(Math.Max(instrument.LotsEver, c.MaxLots), Math.Max(instrument.TicksEver, c.MaxPriceTicks), c.TickLotAtoms)) return false;
        instrument.Redefine(in c);
        return true;
    }

    private void On(in DefineFirm c)
    {
        var isNew = c.Firm == _firms.Count;
        if (isNew ? c.Name.IsEmpty : !IsKnown(c.Firm, _firms.Count) || !Definitions.AreSame(in c, _firms[c.Firm]))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        if (isNew)
        {
            _firms.Add(c);
            _balances.AddFirm();
        }
        _events.On(new FirmDefined { Header = Header<FirmDefined>(EventType.FirmDefined, 0, 0), Definition = c });
    }

    /// <remarks>Firm 0 is taken: such a session exists but belongs to no firm, so that it cannot trade.</remarks>
    private void On(in DefineSession c)
    {
        var isNew = c.DefinedSession == _sessions.Count;
        if (isNew ? (uint)c.Firm >= (uint)_firms.Count : !IsKnown(c.DefinedSession, _sessions.Count) || !Definitions.AreSame(in c, _sessions[c.DefinedSession]))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        if (isNew)
        {
            if (c.DefinedSession == _firmOf.Length) Array.Resize(ref _firmOf, _firmOf.Length * 2);
            _firmOf[c.DefinedSession] = c.Firm;
            _sessions.Add(c);
            _sessionOrders.AddSession(c.DefinedSession);
            AddPresence(c.DefinedSession);
        }
        _events.On(new SessionDefined { Header = Header<SessionDefined>(EventType.SessionDefined, 0, 0), Definition = c });
    }

    private void On(in Credit c)
    {
        var reason = Reason.None;
        var atoms = c.Amount.Atoms;
        var isRepeat = _creditOf.TryGetValue(c.Key, out var index);
        if ((uint)c.Firm >= (uint)_firms.Count || !IsKnown(c.Asset, _assets.Count) || c.Key.IsEmpty) reason = Reason.Contradiction;
        else if (isRepeat) reason = IsSame(in c, _credits[index]) ? Reason.None : Reason.KeyReused;
        else if (atoms < 0 && CheckMargin(c.Firm, c.Asset, -atoms) is not Reason.None and var exceeded) reason = exceeded;
        else if (!TryCredit(c.Firm, c.Asset, atoms)) reason = Reason.AmountOutOfRange;
        if (reason != Reason.None)
        {
            Refuse(in c.Header, reason);
            return;
        }
        // A repetition does nothing, and events tell what was done: a ledger books each of them.
        if (isRepeat) return;
        _creditOf.Add(c.Key, _credits.Count);
        _credits.Add(c);
        NoteChange(c.Firm);
        _events.On(new Credited { Header = Header<Credited>(EventType.Credited, 0, 0), Definition = c });
    }

    /// <summary>False when the asset's credits would pass the largest amount, or a withdrawal is not covered.</summary>
    private bool TryCredit(int firm, int asset, Int128 atoms)
    {
        ref var balance = ref _balances.Of(firm, asset);
        ref var credited = ref _balances.CreditedOf(asset);
        // Compared by subtraction: atoms may be any 128-bit number, both balances are at most 2^121.
        if (atoms > Amount.Max.Atoms - credited || (atoms < 0 && atoms < -balance.Own)) return false;
        balance.Available += atoms;
        credited += atoms;
        return true;
    }

    private void Refuse(in CommandHeader command, Reason reason) => _events.On(new Refused
    {
        Header = Header<Refused>(EventType.Refused, command.Session, 0),
        CommandType = command.Type,
        Reason = reason,
    });

    private bool HasCode(Text16 code)
    {
        foreach (var asset in _assets)
            if (asset.Code == code) return true;
        return false;
    }

    private static bool IsSame(in Credit a, in Credit b) => a.Firm == b.Firm && a.Asset == b.Asset && a.Amount == b.Amount;

    private static bool IsKnown(int number, int count) => number >= 1 && number < count;
}
