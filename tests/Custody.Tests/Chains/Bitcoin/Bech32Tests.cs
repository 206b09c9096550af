using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>The strings of BIP 173 and BIP 350, "Test vectors".</summary>
[TestFixture]
internal sealed class Bech32Tests
{
    [TestCase("A12UEL5L")]
    [TestCase("a12uel5l")]
    [TestCase("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs")]
    [TestCase("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")]
    [TestCase("11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j")]
    [TestCase("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w")]
    [TestCase("?1ezyfcl")]
    public void Bip_173_valid(string text) => ReadsAndWrites(text, Bech32Variant.Bech32);

    [TestCase("A1LQFN3A")]
    [TestCase("a1lqfn3a")]
    [TestCase("an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6")]
    [TestCase("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")]
    [TestCase("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8")]
    [TestCase("split1checkupstagehandshakeupstreamerranterredcaperredlc445v")]
    [TestCase("?1v759aa")]
    public void Bip_350_valid(string text) => ReadsAndWrites(text, Bech32Variant.Bech32m);

    [TestCase("\u00201nwldj5", "outside 33 to 126")]
    [TestCase("\u007f1axkwrx", "outside 33 to 126")]
    [TestCase("\u00801eym55h", "outside 33 to 126")]
    [TestCase("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx", "longer than 90")]
    [TestCase("pzry9x0s0muk", "no human-readable part")]
    [TestCase("1pzry9x0s0muk", "no human-readable part")]
    [TestCase("x1b4n0q5v", "outside the alphabet")]
    [TestCase("li1dgmt3", "too short")]
    [TestCase("de1lg7wt\u00ff", "outside 33 to 126")]
    [TestCase("A1G7SGD8", "checksum")]
    [TestCase("10a06t8", "no human-readable part")]
    [TestCase("1qzzfhee", "no human-readable part")]
    public void Bip_173_invalid(string text, string why) => Refuses(text, why);

    [TestCase("\u00201xj0phk", "outside 33 to 126")]
    [TestCase("\u007f1g6xzxy", "outside 33 to 126")]
    [TestCase("\u00801vctc34", "outside 33 to 126")]
    [TestCase("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4", "longer than 90")]
    [TestCase("qyrz8wqd2c9m", "no human-readable part")]
    [TestCase("1qyrz8wqd2c9m", "no human-readable part")]
    [TestCase("y1b0jsk6g", "outside the alphabet")]
    [TestCase("lt1igcx5c0", "outside the alphabet")]
    [TestCase("in1muywd", "too short")]
    [TestCase("mm1crxm3i", "outside the alphabet")]
    [TestCase("au1s5cgom", "outside the alphabet")]
    [TestCase("M1VUXWEZ", "checksum")]
    [TestCase("16plkw9", "no human-readable part")]
    [TestCase("1p2gdwpf", "no human-readable part")]
    public void Bip_350_invalid(string text, string why) => Refuses(text, why);

    [Test]
    public void One_wrong_character_is_always_found()
    {
        const string Text = "bcrt1qan8gntac7z7me2ejt4hpru42ad2f759fmy0m3ejvs98656znv7eqga4uhv";
        for (var i = 5; i < Text.Length; i++)
            foreach (var other in "qpzry9x8gf2tvdw0s3jn54khce6mua7l".Where(c => c != Text[i]))
                Assert.That(() => Address.ToScript(Text[..i] + other + Text[(i + 1)..], Network.Regtest), Throws.TypeOf<CodecException>());
    }

    private static void ReadsAndWrites(string text, Bech32Variant variant)
    {
        var (prefix, values, found) = Bech32.Decode(text);
        Assert.That(found, Is.EqualTo(variant));
        Assert.That(Bech32.Encode(prefix, values, found), Is.EqualTo(text.ToLowerInvariant()));
    }

    private static void Refuses(string text, string why) => Assert.That(Assert.Throws<CodecException>(() => Bech32.Decode(text))!.Message, Does.Contain(why));
}
