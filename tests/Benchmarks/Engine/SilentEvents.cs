using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>Nobody listens: what is measured is the engine alone.</summary>
internal readonly struct SilentEvents : IEvents
{
    public void On(in AssetDefined e) { }
    public void On(in InstrumentDefined e) { }
    public void On(in FirmDefined e) { }
    public void On(in SessionDefined e) { }
    public void On(in Credited e) { }
    public void On(in WithdrawalHeld e) { }
    public void On(in WithdrawalSettled e) { }
    public void On(in WithdrawalReleased e) { }
    public void On(in Killed e) { }
    public void On(in Refused e) { }
    public void On(in ExecReport e) { }
    public void On(in CancelReject e) { }
    public void On(in Trade e) { }
    public void On(in LevelChanged e) { }
    public void On(in MassCancelReport e) { }
    public void On(in MassStatusReport e) { }
    public void On(in SessionConnected e) { }
    public void On(in SessionDisconnected e) { }
    public void On(in MatchPrevented e) { }
    public void On(in TradingDefined e) { }
    public void On(in PhaseChanged e) { }
    public void On(in Indicative e) { }
    public void On(in SelfTradeDefined e) { }
    public void On(in OperationDone e) { }
    public void On(in QuotingDefined e) { }
    public void On(in QuoteReport e) { }
    public void On(in QuotesCanceled e) { }
    public void On(in QuoteStatusReport e) { }
    public void On(in ProtectionTripped e) { }
    public void On(in ProtectionReset e) { }
    public void On(in QuoteRequested e) { }
    public void On(in QuoteOffered e) { }
    public void On(in RequestEnded e) { }
    public void On(in OfferEnded e) { }
    public void On(in OfferHit e) { }
    public void On(in MarginChanged e) { }
    public void On(in MarginTransferred e) { }
}
