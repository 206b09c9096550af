using Custody.Chains;
using Custody.Keys;
using Custody.Signer;
using Custody.Signer.Bitcoin;
using Custody.Signer.Ethereum;
using Custody.Withdrawals;

namespace Custody.Tests.Chains;

/// <summary>What the signer's own decoders, which share no code with the builders, say to a transaction.</summary>
internal static class SignerOpinion
{
    public static CheckOutcome OnBitcoin(IChain chain, UnsignedTransaction transaction, Payment payment, IEnumerable<OwnAddress> own) =>
        Ask(new BitcoinCheck(chain.ChainID, new BitcoinScripts("bcrt", 111, 196)), chain, transaction, payment, own);

    public static CheckOutcome OnEthereum(IChain chain, UnsignedTransaction transaction, Payment payment, IEnumerable<OwnAddress> own, string asset, string contract) =>
        Ask(new EthereumCheck(chain.ChainID, chain.NativeAsset, new Dictionary<string, string> { [asset] = contract.ToLowerInvariant() }, 200_000), chain, transaction, payment, own);

    private static CheckOutcome Ask(ITransactionCheck check, IChain chain, UnsignedTransaction transaction, Payment payment, IEnumerable<OwnAddress> own)
    {
        var intent = new WithdrawalIntent
        {
            Nonce = new string('a', 32),
            Firm = 1,
            ChainID = chain.ChainID,
            Asset = payment.Asset,
            Amount = payment.Amount,
            Destination = payment.Destination,
            FeeMax = payment.FeeMax,
            Requester = "treasurer",
            ExpiresAt = 1,
        };
        return check.Check(transaction, intent, own.ToDictionary(
            each => check.NormalForm(each.Address)!,
            each => new SignerAddress(chain.ChainID, "hot", check.AddressOf(each.PublicKeys), each.PublicKeys)));
    }
}
