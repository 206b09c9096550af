using Custody.Settlement;
using Venue.Api;

namespace Custody.Host.Venue;

/// <summary>The feed's messages as settlement knows them.</summary>
internal static class FeedEvents
{
    /// <summary>Null for what moves no money and names nothing that does.</summary>
    public static VenueEvent? Of(Event e) => e.BodyCase switch
    {
        Event.BodyOneofCase.AssetDefined => new AssetNamed(e.Seq, e.Index, e.AssetDefined.Asset, e.AssetDefined.Code, e.AssetDefined.Decimals),
        Event.BodyOneofCase.InstrumentDefined => new InstrumentNamed(e.Seq, e.Index, e.InstrumentDefined.Instrument, e.InstrumentDefined.Symbol, e.InstrumentDefined.BaseAsset, e.InstrumentDefined.QuoteAsset),
        Event.BodyOneofCase.FirmDefined => new FirmNamed(e.Seq, e.Index, e.FirmDefined.Firm, e.FirmDefined.Name),
        Event.BodyOneofCase.Credited => new BalanceChanged(e.Seq, e.Index, BalanceChange.Credited, e.Credited.Firm, e.Credited.Asset, AtomsText.Read(e.Credited.Atoms), e.Credited.Key),
        Event.BodyOneofCase.WithdrawalHeld => new BalanceChanged(e.Seq, e.Index, BalanceChange.Held, e.WithdrawalHeld.Firm, e.WithdrawalHeld.Asset, AtomsText.Read(e.WithdrawalHeld.Atoms), e.WithdrawalHeld.Key),
        Event.BodyOneofCase.WithdrawalSettled => new BalanceChanged(e.Seq, e.Index, BalanceChange.Settled, e.WithdrawalSettled.Firm, e.WithdrawalSettled.Asset, AtomsText.Read(e.WithdrawalSettled.Atoms), e.WithdrawalSettled.Key),
        Event.BodyOneofCase.WithdrawalReleased => new BalanceChanged(e.Seq, e.Index, BalanceChange.Released, e.WithdrawalReleased.Firm, e.WithdrawalReleased.Asset, AtomsText.Read(e.WithdrawalReleased.Atoms), e.WithdrawalReleased.Key),
        Event.BodyOneofCase.Fill => new Filled(e.Seq, e.Index, e.Fill.Instrument, e.Fill.Buyer.Firm, e.Fill.Seller.Firm,
            AtomsText.Read(e.Fill.NotionalAtoms), AtomsText.Read(e.Fill.BaseAtoms), AtomsText.Read(e.Fill.Buyer.FeeAtoms), AtomsText.Read(e.Fill.Seller.FeeAtoms)),
        // As one more trade between the two, of the difference: less than nothing when the trade is busted.
        Event.BodyOneofCase.TradeCorrected => new Filled(e.Seq, e.Index, e.TradeCorrected.Instrument, e.TradeCorrected.BuyerFirm, e.TradeCorrected.SellerFirm,
            AtomsText.Read(e.TradeCorrected.MoreNotionalAtoms), AtomsText.Read(e.TradeCorrected.MoreBaseAtoms),
            AtomsText.Read(e.TradeCorrected.NewBuyerFeeAtoms) - AtomsText.Read(e.TradeCorrected.BuyerFeeAtoms),
            AtomsText.Read(e.TradeCorrected.NewSellerFeeAtoms) - AtomsText.Read(e.TradeCorrected.SellerFeeAtoms)),
        Event.BodyOneofCase.MarginTransferred => new Transferred(e.Seq, e.Index, e.MarginTransferred.FromFirm, e.MarginTransferred.ToFirm, e.MarginTransferred.Asset, AtomsText.Read(e.MarginTransferred.Atoms)),
        _ => null,
    };
}
