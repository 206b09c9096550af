using Custody.Chains;
using Custody.Chains.Ethereum;

namespace Custody.Tests.Chains.Ethereum;

/// <summary>The addresses of EIP-55, "Test Cases", and what chains do with them.</summary>
[TestFixture]
internal sealed class EthereumAddressTests
{
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [TestCase("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [TestCase("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [TestCase("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Checksum_is_that_of_EIP_55(string address)
    {
        var bytes = EthereumAddress.Decode(address);
        Assert.That(EthereumAddress.Encode(bytes), Is.EqualTo(address));
        Assert.That(EthereumAddress.Decode(address.ToLowerInvariant()), Is.EqualTo(bytes));
        Assert.That(EthereumAddress.Decode("0x" + address[2..].ToUpperInvariant()), Is.EqualTo(bytes));
        for (var i = 2; i < address.Length; i++)
            if (char.IsAsciiLetter(address[i]))
                Assert.That(() => EthereumAddress.Decode(address[..i] + (char)(address[i] ^ 0x20) + address[(i + 1)..]), Throws.TypeOf<CodecException>());
    }

    [TestCase("")]
    [TestCase("0x")]
    [TestCase("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00")]
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd")]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [TestCase("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    public void What_is_no_address_is_refused(string text) => Assert.That(() => EthereumAddress.Decode(text), Throws.TypeOf<CodecException>());

    // The address of the key 1: that of the curve's base point.
    [Test]
    public void Account_of_a_key()
    {
        var key = Hex.Decode("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        Assert.That(EthereumAddress.Encode(EthereumAddress.OfPublicKey(key)), Is.EqualTo("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"));
    }

    [TestCase("0x0000000000000000000000000000000000000000", false)]
    [TestCase("0x0000000000000000000000000000000000000001", false)]
    [TestCase("0x000000000000000000000000000000000000FfFF", false)]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", true)]
    [TestCase("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", false)] // the token itself
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", false)] // a wrong checksum
    public void Only_what_somebody_can_own_is_payable(string text, bool payable)
    {
        var options = new EthereumOptions { Node = new Uri("http://127.0.0.1:1/"), ChainID = 1, Tokens = [new Token("USDC", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")] };
        using var chain = new EthereumChain(options);
        Assert.That(chain.TryParseAddress(text, out var canonical), Is.EqualTo(payable));
        Assert.That(canonical, Is.EqualTo(payable ? "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" : ""));
    }
}
