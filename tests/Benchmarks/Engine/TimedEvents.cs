using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>Notes the time of each event, whatever it is.</summary>
internal readonly struct TimedEvents(Clock clock) : IEvents
{
    public void On(in AssetDefined e) => clock.Tick();
    public void On(in InstrumentDefined e) => clock.Tick();
    public void On(in FirmDefined e) => clock.Tick();
    public void On(in SessionDefined e) => clock.Tick();
    public void On(in Credited e) => clock.Tick();
    public void On(in WithdrawalHeld e) => clock.Tick();
    public void On(in WithdrawalSettled e) => clock.Tick();
    public void On(in WithdrawalReleased e) => clock.Tick();
    public void On(in Killed e) => clock.Tick();
    public void On(in Refused e) => clock.Tick();
    public void On(in ExecReport e) => clock.Tick();
    public void On(in CancelReject e) => clock.Tick();
    public void On(in Trade e) => clock.Tick();
    public void On(in LevelChanged e) => clock.Tick();
    public void On(in MassCancelReport e) => clock.Tick();
    public void On(in MassStatusReport e) => clock.Tick();
    public void On(in SessionConnected e) => clock.Tick();
    public void On(in SessionDisconnected e) => clock.Tick();
    public void On(in MatchPrevented e) => clock.Tick();
    public void On(in TradingDefined e) => clock.Tick();
    public void On(in PhaseChanged e) => clock.Tick();
    public void On(in Indicative e) => clock.Tick();
    public void On(in SelfTradeDefined e) => clock.Tick();
    public void On(in OperationDone e) => clock.Tick();
    public void On(in QuotingDefined e) => clock.Tick();
    public void On(in QuoteReport e) => clock.Tick();
    public void On(in QuotesCanceled e) => clock.Tick();
    public void On(in QuoteStatusReport e) => clock.Tick();
    public void On(in ProtectionTripped e) => clock.Tick();
    public void On(in ProtectionReset e) => clock.Tick();
    public void On(in QuoteRequested e) => clock.Tick();
    public void On(in QuoteOffered e) => clock.Tick();
    public void On(in RequestEnded e) => clock.Tick();
    public void On(in OfferEnded e) => clock.Tick();
    public void On(in OfferHit e) => clock.Tick();
    public void On(in MarginChanged e) => clock.Tick();
    public void On(in MarginTransferred e) => clock.Tick();
}
