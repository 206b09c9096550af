using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>Addresses and their scripts: BIP 173, BIP 350, and Bitcoin Core's src/test/data/key_io_valid.json.</summary>
[TestFixture]
internal sealed class AddressTests
{
    // network, address, output script
    private const string Valid = """
        main     BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4                             0014751e76e8199196d454941c45d1b3a323f1433bd6
        signet   tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7         00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262
        main     bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y 5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6
        main     BC1SW50QGDZ25J                                                         6002751e
        main     bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs                                   5210751e76e8199196d454941c45d1b3a323
        signet   tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy         0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433
        signet   tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c         5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433
        main     bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0         512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798
        main     1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo                                     76a914a31c06bd463e3923bc1aadbde48b16976c08071788ac
        main     36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm                                     a914373b819a068f32b7a6b38b6b38729647cfde01c287
        testnet4 mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ                                     76a914ce28b26c57472737f5c3561a1761185bd8589a4388ac
        testnet4 2NC2hEhe28ULKAJkW5MjZ3jtTMJdvXmByvK                                    a914ce0bba75891ff9ec60148d4bd4a09ee2dc5c933187
        signet   mww4LvqtTMKvmeQvizPz2EQv26xTneWrbg                                     76a914b4110ba93ac54afc14da3bdd19614774a2d55d2988ac
        signet   2N1r7aC69VHeE7yQJPDLi9T1PYq4wnwvjuT                                    a9145e5a35ab44b3efaea5129ba22b88ba3e2976614587
        regtest  n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXQ                                     76a914fdeca3b08e38af53d7c4c60e3ad208ce5066441088ac
        regtest  2MxFajLApXpYk4VodBSZSt7rw8y4ryABkfA                                    a91436e9f191e0b75036a77f65e2eaa4752443233fbe87
        main     bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv                             00146100fc6343edc8c874496cb2f5bbfec88ea9b77c
        main     bc1qyucykdlhp62tezs0hagqury402qwhk589q80tqs5myh3rxq34nwqhkdhv7         002027304b37f70e94bc8a0fbf500e0c957a80ebda87280ef58214d92f119811acdc
        main     bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu         51203c671ef1e3913f94980a9e146ba895908550ef4234abb7503d436521aba54c75
        main     bc1z2rksukkjr8                                                         520250ed
        testnet4 tb1qcrh3yqn4nlleplcez2yndq2ry8h9ncg3qh7n54                             0014c0ef1202759fff90ff19128936814321ee59e111
        testnet4 tb1quyl9ujpgwr2chdzdnnalen48sup245vdfnh2jxhsuq3yx80rrwlq5hqfe4         0020e13e5e482870d58bb44d9cfbfccea78702aad18d4ceea91af0e022431de31bbe
        testnet4 tb1p35n52jy6xkm4wd905tdy8qtagrn73kqdz73xe4zxpvq9t3fp50aqk3s6gz         51208d2745489a35b75734afa2da43817d40e7e8d80d17a26cd4460b0055c521a3fa
        testnet4 tb1rgv5m6uvdk3kc7qsuz0c79v88ycr5w4wa                                   53104329bd718db46d8f021c13f1e2b0e726
        regtest  bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9                           00146f58bac9506f9bfb821d62e69330410bb56f0085
        regtest  bcrt1qan8gntac7z7me2ejt4hpru42ad2f759fmy0m3ejvs98656znv7eqga4uhv       0020ecce89afb8f0bdbcab325d6e11f2aaeb549f50a9d91fb8e64c814faa685367b2
        regtest  bcrt1pfwxjqvtt4tcxrtdluukfmy2dv7xd2qzdfy6kajv5nwn4yam3wxkq3553uh       51204b8d20316baaf061adbfe72c9d914d678cd5004d49356ec9949ba752777171ac
        regtest  bcrt1sx6p8njlx7h9mc2agz4yg82dzne23050ncq72cneeecez2pst8mahn8xecsf8g6hzx94420 6028368279cbe6f5cbbc2ba8154883a9a29e5517d1f3c03cac4f39ce3225060b3efb799cd9c412746ae2
        """;

    [TestCaseSource(nameof(Rows), new object[] { Valid })]
    public void Address_and_script_are_each_other(string network, string address, string script)
    {
        var known = Network.All.Single(each => each.Name == network);
        Assert.That(Hex.Encode(Address.ToScript(address, known)), Is.EqualTo(script));
        var canonical = Address.FromScript(Hex.Decode(script), known);
        Assert.That(canonical, Is.EqualTo(char.IsUpper(address[0]) ? address.ToLowerInvariant() : address));
    }

    // BIP 350: invalid, and why.
    private const string Invalid = """
        main   tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut                    base58
        main   bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd                    checksum
        signet tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf                    checksum
        main   BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL                    checksum
        main   bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh                                        checksum
        signet tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47                    checksum
        main   bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4                    alphabet
        main   BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R                    version
        main   bc1pw5dgrnzv                                                                      2_to_40
        main   bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav      2_to_40
        main   BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P                                              20_or_32
        signet tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq                    mixed
        main   bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf                  padding
        signet tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j                    padding
        main   bc1gmk9yu                                                                         version
        """;

    [TestCaseSource(nameof(Rows), new object[] { Invalid })]
    public void Invalid_addresses_are_refused(string network, string address, string why)
    {
        var known = Network.All.Single(each => each.Name == network);
        Assert.That(Assert.Throws<CodecException>(() => Address.ToScript(address, known))!.Message, Does.Contain(why.Replace('_', ' ')));
    }

    [TestCase("1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", TestName = "P2PKH of main on regtest")]
    [TestCase("bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv", TestName = "P2WPKH of main on regtest")]
    [TestCase("tb1qcrh3yqn4nlleplcez2yndq2ry8h9ncg3qh7n54", TestName = "P2WPKH of a test network on regtest")]
    [TestCase("5JuW2AMDYu4xVwRG9DZW18VbzQrGcd5RCgb99sS6ehJsNQXu5b9", TestName = "a private key")]
    [TestCase("n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXq", TestName = "one wrong character")]
    [TestCase("", TestName = "nothing")]
    public void What_is_no_address_of_the_network_is_refused(string text) =>
        Assert.That(() => Address.ToScript(text, Network.Regtest), Throws.TypeOf<CodecException>());

    [TestCase("regtest", "bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9", true)]
    [TestCase("main", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", true)]
    [TestCase("main", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", false)] // version 2: anyone could take it
    [TestCase("main", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", false)] // version 1 of 40 bytes: the same
    public void Only_what_somebody_can_own_is_payable(string network, string address, bool payable) =>
        Assert.That(Address.IsPayable(Address.ToScript(address, Network.All.Single(each => each.Name == network))), Is.EqualTo(payable));

    [Test]
    public void A_taproot_key_that_is_no_point_is_not_payable() =>
        // BIP 340, "lift_x": x = 5 has no y.
        Assert.That(Address.IsPayable(Script.Witness(1, [.. new byte[31], 5])), Is.False);

    [TestCase("76a914a31c06bd463e3923bc1aadbde48b16976c08071788ac", 546)] // P2PKH
    [TestCase("a914373b819a068f32b7a6b38b6b38729647cfde01c287", 540)] // P2SH
    [TestCase("0014751e76e8199196d454941c45d1b3a323f1433bd6", 294)] // P2WPKH
    [TestCase("00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262", 330)] // P2WSH
    [TestCase("512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 330)] // P2TR
    public void Dust_is_what_Bitcoin_Core_calls_dust(string script, long sats) => Assert.That(Script.DustSats(Hex.Decode(script)), Is.EqualTo(sats));

    private static IEnumerable<string[]> Rows(string table) =>
        table.Split('\n').Select(static row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(static row => row.Length > 0);
}
