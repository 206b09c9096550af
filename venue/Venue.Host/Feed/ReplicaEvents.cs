using Venue.Messages;

namespace Venue.Host;

/// <summary>Hands the replica engine's events to its own gateway, as the core's go to the core's, and to the feed.</summary>
internal readonly struct ReplicaEvents(CoreEvents core, FeedEvents feed) : IEvents
{
    public void On(in AssetDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in InstrumentDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in FirmDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in SessionDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in Credited e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in WithdrawalHeld e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in WithdrawalSettled e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in WithdrawalReleased e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in Killed e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in Refused e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in ExecReport e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in CancelReject e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in Trade e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in LevelChanged e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in MassCancelReport e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in MassStatusReport e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in SessionConnected e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in SessionDisconnected e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in MatchPrevented e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in TradingDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in PhaseChanged e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in Indicative e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in SelfTradeDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in OperationDone e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in MarginChanged e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in MarginTransferred e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuotingDefined e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuoteReport e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuotesCanceled e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuoteStatusReport e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in ProtectionTripped e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in ProtectionReset e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuoteRequested e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in QuoteOffered e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in RequestEnded e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in OfferEnded e)
    {
        core.On(e);
        feed.On(e);
    }

    public void On(in OfferHit e)
    {
        core.On(e);
        feed.On(e);
    }
}
