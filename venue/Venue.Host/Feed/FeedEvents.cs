using Venue.Messages;

namespace Venue.Host;

/// <summary>Hands the replica engine's events to the collector; what the feed does not tell is dropped.</summary>
internal readonly struct FeedEvents(FeedCollector feed) : IEvents
{
    public void On(in AssetDefined e) => feed.On(e);
    public void On(in InstrumentDefined e) => feed.On(e);
    public void On(in FirmDefined e) => feed.On(e);
    public void On(in SessionDefined e) => feed.On(e);
    public void On(in Credited e) => feed.On(e);
    public void On(in WithdrawalHeld e) => feed.On(e);
    public void On(in WithdrawalSettled e) => feed.On(e);
    public void On(in WithdrawalReleased e) => feed.On(e);
    public void On(in Killed e) => feed.On(e);
    public void On(in Refused e) => feed.On(e);
    public void On(in ExecReport e) => feed.On(e);
    public void On(in CancelReject e)
    {
    }
    public void On(in Trade e) => feed.On(e);
    public void On(in LevelChanged e) => feed.On(e);
    public void On(in MatchPrevented e)
    {
    }
    public void On(in TradingDefined e)
    {
    }
    public void On(in PhaseChanged e) => feed.On(e);
    public void On(in Indicative e) => feed.On(e);
    public void On(in SelfTradeDefined e)
    {
    }
    public void On(in OperationDone e) => feed.On(e);
    public void On(in MarginChanged e) => feed.On(e);
    public void On(in MarginTransferred e) => feed.On(e);
    public void On(in MassCancelReport e)
    {
    }
    public void On(in MassStatusReport e)
    {
    }
    public void On(in SessionConnected e)
    {
    }
    public void On(in SessionDisconnected e)
    {
    }
    public void On(in QuotingDefined e)
    {
    }
    public void On(in QuoteReport e)
    {
    }
    public void On(in QuotesCanceled e)
    {
    }
    public void On(in QuoteStatusReport e)
    {
    }
    public void On(in ProtectionTripped e)
    {
    }
    public void On(in ProtectionReset e)
    {
    }
    public void On(in QuoteRequested e)
    {
    }
    public void On(in QuoteOffered e)
    {
    }
    public void On(in RequestEnded e)
    {
    }
    public void On(in OfferEnded e)
    {
    }
    public void On(in OfferHit e)
    {
    }
}
