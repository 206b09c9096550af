using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the engine says of hits that a provider may look at.</summary>
public sealed partial class Gateway
{
    /// <summary>A provider's answer was hit, and it is asked whether it accepts.</summary>
    public void On(in OfferHit e)
    {
        if (!MayTell(e, out var client)) return;
        LookEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }
}
