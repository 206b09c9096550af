using Custody.Chains;
using Custody.Policy;
using Custody.Withdrawals;

namespace Custody.Keys;

/// <summary>The process that holds the keys, as the host sees it. It trusts nothing that it is told.</summary>
/// <remarks>Calls block. <see cref="SignerUnavailableException"/> means that nothing is known: ask again with the same content.</remarks>
public interface ISigner
{
    /// <summary>
    /// Asks for the signatures of a transaction that pays exactly the intent. Asking again for the same transaction is
    /// allowed, asking for another one under the same nonce is refused.
    /// </summary>
    SignerReply Sign(WithdrawalIntent intent, IReadOnlyList<Approval> approvals, UnsignedTransaction transaction);

    /// <summary>Asks the signer never to sign this intent. <see cref="VoidedReply"/>, or a refusal when a signature exists already.</summary>
    SignerReply Void(WithdrawalIntent intent, string reason);

    /// <summary>All addresses that the signer has keys for.</summary>
    SignerReply Addresses();

    /// <summary>Keys for one more address; the same group again gives the same address.</summary>
    /// <param name="chainID">CAIP-2 network.</param>
    /// <param name="group">Name of the keys in the HSM: letters, digits and hyphens.</param>
    SignerReply NewAddress(string chainID, string group);

    /// <summary>Stops all signing until somebody resumes it at the signer itself.</summary>
    SignerReply Halt(string reason);
}

/// <summary>The signer cannot be asked now.</summary>
public sealed class SignerUnavailableException(string message, Exception inner) : Exception(message, inner);

/// <summary>An address and where its keys are.</summary>
/// <param name="ChainID">CAIP-2 network.</param>
/// <param name="Group">Name of its keys in the HSM.</param>
/// <param name="Address">Canonical text, as the signer computes it.</param>
/// <param name="PublicKeys">Compressed, in the order that makes the address.</param>
public sealed record SignerAddress(string ChainID, string Group, string Address, IReadOnlyList<ReadOnlyMemory<byte>> PublicKeys);
