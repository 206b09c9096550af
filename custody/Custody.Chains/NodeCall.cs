namespace Custody.Chains;

/// <summary>What a node says where nothing of the kind was expected is no answer: custody asks again later.</summary>
internal static class NodeCall
{
    public static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception fault) when (fault is JsonRpcException or CodecException)
        {
            throw new ChainUnavailableException(fault.Message, fault);
        }
    }
}
