using Custody.Chains.Bitcoin;
using Custody.Chains.Ethereum;

namespace Custody.Tests.Chains;

/// <summary>One fault a row, and what is said of it.</summary>
[TestFixture]
internal sealed class OptionsTests
{
    private const string Dollar = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", Other = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB";
    private static readonly BitcoinOptions Bitcoin = new() { Node = new Uri("http://127.0.0.1:8332/"), Network = Network.Main, CookieFile = ".cookie" };
    private static readonly EthereumOptions Ether = new() { Node = new Uri("http://127.0.0.1:8545/"), ChainID = 1, Tokens = [new Token("USDC", Dollar), new Token("USDT", Other)] };

    private static IEnumerable<TestCaseData> BitcoinFaults()
    {
        yield return new TestCaseData(Bitcoin with { CookieFile = null }, "refuses every call").SetArgDisplayNames("no way to log in");
        yield return new TestCaseData(Bitcoin with { Credentials = "u:p" }, "refuses every call").SetArgDisplayNames("two ways to log in");
        yield return new TestCaseData(Bitcoin with { Wallet = "" }, "the node's own wallet").SetArgDisplayNames("wallet without a name");
        yield return new TestCaseData(Bitcoin with { BirthUnixSeconds = -1 }, "before 1970").SetArgDisplayNames("birth");
        yield return new TestCaseData(Bitcoin with { FeeTargetBlocks = 0 }, "no estimate").SetArgDisplayNames("fee target");
        yield return new TestCaseData(Bitcoin with { FallbackSatsPerKvB = 999 }, "do not relay").SetArgDisplayNames("fallback");
        yield return new TestCaseData(Bitcoin with { SatsPerKvBMax = 9_999 }, "could not be built").SetArgDisplayNames("highest fee rate");
        yield return new TestCaseData(Bitcoin with { Timeout = TimeSpan.Zero }, "every call fails").SetArgDisplayNames("timeout");
    }

    private static IEnumerable<TestCaseData> EthereumFaults()
    {
        yield return new TestCaseData(Ether with { ChainID = 0 }, "on no network").SetArgDisplayNames("chain");
        yield return new TestCaseData(Ether with { GasLimitMax = 20_999 }, "no payment").SetArgDisplayNames("gas limit");
        yield return new TestCaseData(Ether with { PriorityFeeMinWei = -1 }, "can be built").SetArgDisplayNames("priority fee");
        yield return new TestCaseData(Ether with { Timeout = TimeSpan.Zero }, "every call fails").SetArgDisplayNames("timeout");
        yield return new TestCaseData(Ether with { Tokens = [new Token("USDC", Dollar.ToLowerInvariant())] }, "wrong one").SetArgDisplayNames("contract without a checksum");
        yield return new TestCaseData(Ether with { Tokens = [new Token("ETH", Dollar)] }, "added up").SetArgDisplayNames("one asset twice");
        yield return new TestCaseData(Ether with { Tokens = [new Token("A", Dollar), new Token("B", Dollar)] }, "count twice").SetArgDisplayNames("one contract twice");
    }

    [TestCaseSource(nameof(BitcoinFaults))]
    public void Each_fault_of_bitcoin_is_named(BitcoinOptions options, string consequence) => Assert.That(options.Validate().Single(), Does.Contain(consequence));

    [TestCaseSource(nameof(EthereumFaults))]
    public void Each_fault_of_ethereum_is_named(EthereumOptions options, string consequence) => Assert.That(options.Validate().Single(), Does.Contain(consequence));

    [Test]
    public void Good_options_have_none() => Assert.That(Bitcoin.Validate().Concat(Ether.Validate()), Is.Empty);
}
