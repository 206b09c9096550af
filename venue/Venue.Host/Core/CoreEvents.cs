using Venue.Messages;

namespace Venue.Host;

/// <summary>Hands each event of the engine to those who want it: the gateway, the record of what is defined, and the thread of market data.</summary>
internal readonly struct CoreEvents(Gateway.Gateway gateway, Known known, MarketOutlet? outlet = null) : IEvents
{
    public void On(in AssetDefined e)
    {
        Known.Put(known.Assets, e.Definition.Asset, e.Definition);
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in InstrumentDefined e)
    {
        Known.Put(known.Instruments, e.Definition.Instrument, e.Definition);
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in FirmDefined e)
    {
        Known.Put(known.Firms, e.Definition.Firm, e.Definition);
        gateway.On(e);
    }

    public void On(in SessionDefined e)
    {
        Known.Put(known.Sessions, e.Definition.DefinedSession, e.Definition);
        gateway.On(e);
    }

    public void On(in Credited e) => known.Credited(e.Definition.Key);
    public void On(in WithdrawalHeld e)
    {
    }
    public void On(in WithdrawalSettled e)
    {
    }
    public void On(in WithdrawalReleased e)
    {
    }
    public void On(in Killed e)
    {
    }
    public void On(in Refused e) => known.Refusals?.Add(e);
    public void On(in ExecReport e) => gateway.On(e);
    public void On(in CancelReject e) => gateway.On(e);

    public void On(in Trade e)
    {
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in LevelChanged e)
    {
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in MatchPrevented e)
    {
    }
    public void On(in TradingDefined e)
    {
        known.Trading[e.Definition.Instrument] = e.Definition;
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in PhaseChanged e)
    {
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in Indicative e)
    {
        gateway.On(e);
        outlet?.On(e);
    }

    public void On(in SelfTradeDefined e) => known.SelfTrades[e.Definition.DefinedSession] = e.Definition;
    public void On(in OperationDone e) => known.Note(e.Command);
    public void On(in MarginChanged e) => gateway.On(e);
    public void On(in MarginTransferred e)
    {
    }
    public void On(in MassCancelReport e) => gateway.On(e);
    public void On(in MassStatusReport e) => gateway.On(e);
    public void On(in SessionConnected e) => gateway.On(e);
    public void On(in SessionDisconnected e) => gateway.On(e);
    public void On(in QuotingDefined e) => known.Quoting[(e.Definition.DefinedSession, e.Definition.Instrument)] = e.Definition;
    public void On(in QuoteReport e) => gateway.On(e);
    public void On(in QuotesCanceled e) => gateway.On(e);
    public void On(in QuoteStatusReport e) => gateway.On(e);
    public void On(in ProtectionTripped e) => gateway.On(e);
    public void On(in ProtectionReset e) => gateway.On(e);
    public void On(in QuoteRequested e) => gateway.On(e);
    public void On(in QuoteOffered e) => gateway.On(e);
    public void On(in RequestEnded e) => gateway.On(e);
    public void On(in OfferEnded e) => gateway.On(e);
    public void On(in OfferHit e) => gateway.On(e);
}
