using Venue.Messages;

namespace Venue.Engine;

/// <summary>What accounts are charged, what they may owe, what is kept of them.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // By firm; shorter when the last ones are in tier 0. Grown by definitions, never by an order.
    private byte[] _tierOf = [];
    // The asset whose balances are summed at the next tick.
    private int _checkedAsset;

    /// <summary>How often the balances of an asset were summed and found to be what was credited.</summary>
    public long ConservationChecks { get; private set; }

    private void On(in DefineFees c)
    {
        var instrument = InstrumentOf(c.Instrument);
        if (instrument is null || !instrument.TrySetFees(c.Tier, c.MakerFeePpm, c.TakerFeePpm)) Refuse(in c.Header, Reason.Contradiction);
        else TellDone(in c);
    }

    private void On(in DefineAccount c)
    {
        if (!IsKnown(c.Firm, _firms.Count) || c.FeeTier is < 0 or >= FeeTiers.Count || c.KeepsPositions > 1)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        if (c.Firm >= _tierOf.Length) Array.Resize(ref _tierOf, c.Firm + 1);
        _tierOf[c.Firm] = (byte)c.FeeTier;
        if (c.KeepsPositions == 1) _positions.Keep(c.Firm);
        Watch();
        TellDone(in c);
    }

    private void On(in SetCreditLine c)
    {
        var reason = !IsKnown(c.Firm, _firms.Count) || !IsKnown(c.Asset, _assets.Count) ? Reason.Contradiction
            : _balances.TrySetLine(c.Firm, c.Asset, c.Amount.Atoms) ? Reason.None
            : Reason.AmountOutOfRange;
        if (reason != Reason.None) Refuse(in c.Header, reason);
        else TellDone(in c);
    }

    /// <summary>The rates that an account's orders are taken at.</summary>
    private FeeRates RatesOf(int firm, Instrument<Fills> instrument) =>
        instrument.Tiers is null ? new FeeRates(instrument.Definition.MakerFeePpm, instrument.Definition.TakerFeePpm) : instrument.RatesOf((uint)firm < (uint)_tierOf.Length ? _tierOf[firm] : 0);

    /// <summary>Sums one asset's balances, another one each time: a sum that is wrong stops the venue before more is told.</summary>
    private void CheckNextAsset()
    {
        if (_assets.Count == 1) return;
        _checkedAsset = _checkedAsset + 1 < _assets.Count ? _checkedAsset + 1 : 1;
        _balances.CheckConserved(_checkedAsset);
        ConservationChecks++;
    }

    private void HashAccounts(ref StateHasher hasher)
    {
        for (var firm = 0; firm < _tierOf.Length; firm++)
            if (_tierOf[firm] != 0) hasher.Add(firm, _tierOf[firm]);
        hasher.Add(_checkedAsset);
        foreach (var (instrument, trade) in _corrected.Order())
        {
            hasher.Add(instrument);
            hasher.Add(trade);
        }
    }
}
