namespace Venue.Messages;

/// <summary>Takes events of every type alike.</summary>
public interface IEventTaker
{
    /// <summary>Something happened; its bytes begin with an <see cref="EventHeader"/>.</summary>
    void On<T>(in T e) where T : unmanaged;
}

/// <summary>Hands events of every type to one method.</summary>
/// <remarks>Structs both, so that the JIT binds the calls directly.</remarks>
public readonly struct EveryEvent<TTaker>(TTaker taker) : IEvents where TTaker : struct, IEventTaker
{
    public void On(in AssetDefined e) => taker.On(e);
    public void On(in InstrumentDefined e) => taker.On(e);
    public void On(in FirmDefined e) => taker.On(e);
    public void On(in SessionDefined e) => taker.On(e);
    public void On(in Credited e) => taker.On(e);
    public void On(in WithdrawalHeld e) => taker.On(e);
    public void On(in WithdrawalSettled e) => taker.On(e);
    public void On(in WithdrawalReleased e) => taker.On(e);
    public void On(in Killed e) => taker.On(e);
    public void On(in Refused e) => taker.On(e);
    public void On(in ExecReport e) => taker.On(e);
    public void On(in CancelReject e) => taker.On(e);
    public void On(in Trade e) => taker.On(e);
    public void On(in LevelChanged e) => taker.On(e);
    public void On(in MassCancelReport e) => taker.On(e);
    public void On(in MassStatusReport e) => taker.On(e);
    public void On(in SessionConnected e) => taker.On(e);
    public void On(in SessionDisconnected e) => taker.On(e);
    public void On(in MatchPrevented e) => taker.On(e);
    public void On(in TradingDefined e) => taker.On(e);
    public void On(in PhaseChanged e) => taker.On(e);
    public void On(in Indicative e) => taker.On(e);
    public void On(in SelfTradeDefined e) => taker.On(e);
    public void On(in OperationDone e) => taker.On(e);
    public void On(in QuotingDefined e) => taker.On(e);
    public void On(in QuoteReport e) => taker.On(e);
    public void On(in QuotesCanceled e) => taker.On(e);
    public void On(in QuoteStatusReport e) => taker.On(e);
    public void On(in ProtectionTripped e) => taker.On(e);
    public void On(in ProtectionReset e) => taker.On(e);
    public void On(in QuoteRequested e) => taker.On(e);
    public void On(in QuoteOffered e) => taker.On(e);
    public void On(in RequestEnded e) => taker.On(e);
    public void On(in OfferEnded e) => taker.On(e);
    public void On(in OfferHit e) => taker.On(e);
    public void On(in MarginChanged e) => taker.On(e);
    public void On(in MarginTransferred e) => taker.On(e);
}
