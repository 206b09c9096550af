using System.Text;
using System.Text.Json;
using Custody.Chains;
using Custody.Chains.Ethereum;

namespace Custody.Tests.Chains.Ethereum;

/// <summary>The values of the Ethereum tests, RLPTests/rlptest.json and invalidRLPTest.json.</summary>
[TestFixture]
internal sealed class RlpTests
{
    [TestCase("\"\"", "80")]
    [TestCase("\"\\u0000\"", "00")]
    [TestCase("\"\\u0001\"", "01")]
    [TestCase("\"\\u007F\"", "7f")]
    [TestCase("\"dog\"", "83646f67")]
    [TestCase("\"Lorem ipsum dolor sit amet, consectetur adipisicing eli\"", "b74c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c69")]
    [TestCase("\"Lorem ipsum dolor sit amet, consectetur adipisicing elit\"", "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974")]
    [TestCase("0", "80")]
    [TestCase("1", "01")]
    [TestCase("16", "10")]
    [TestCase("79", "4f")]
    [TestCase("127", "7f")]
    [TestCase("128", "8180")]
    [TestCase("1000", "8203e8")]
    [TestCase("100000", "830186a0")]
    [TestCase("83729609699884896815286331701780722", "8f102030405060708090a0b0c0d0e0f2")]
    [TestCase("[]", "c0")]
    [TestCase("[\"dog\", \"god\", \"cat\"]", "cc83646f6783676f6483636174")]
    [TestCase("[\"zw\", [4], 1]", "c6827a77c10401")]
    [TestCase("[\"asdf\",\"qwer\",\"zxcv\",\"asdf\",\"qwer\",\"zxcv\",\"asdf\",\"qwer\",\"zxcv\",\"asdf\",\"qwer\"]", "f784617364668471776572847a78637684617364668471776572847a78637684617364668471776572847a78637684617364668471776572")]
    [TestCase("[[\"asdf\",\"qwer\",\"zxcv\"],[\"asdf\",\"qwer\",\"zxcv\"],[\"asdf\",\"qwer\",\"zxcv\"],[\"asdf\",\"qwer\",\"zxcv\"]]", "f840cf84617364668471776572847a786376cf84617364668471776572847a786376cf84617364668471776572847a786376cf84617364668471776572847a786376")]
    [TestCase("[[[],[]],[]]", "c4c2c0c0c0")]
    [TestCase("[[],[[]],[[],[[]]]]", "c7c0c1c0c3c0c1c0")]
    [TestCase("[[\"key1\",\"val1\"],[\"key2\",\"val2\"],[\"key3\",\"val3\"],[\"key4\",\"val4\"]]", "ecca846b6579318476616c31ca846b6579328476616c32ca846b6579338476616c33ca846b6579348476616c34")]
    public void Writes_and_reads_the_official_values(string value, string hex)
    {
        var expected = JsonDocument.Parse(value).RootElement;
        var writer = new RlpWriter();
        Write(writer, expected);
        Assert.That(Hex.Encode(writer.Written), Is.EqualTo(hex));
        var reader = new RlpReader(Hex.Decode(hex));
        Check(ref reader, expected);
        reader.End();
    }

    // longList2 of rlptest.json: 32 times the same list, so that the length takes two bytes.
    [Test]
    public void Writes_and_reads_a_list_over_255_bytes()
    {
        const string Item = "[\"asdf\",\"qwer\",\"zxcv\"]";
        Writes_and_reads_the_official_values("[" + string.Join(',', Enumerable.Repeat(Item, 32)) + "]", "f90200" + string.Concat(Enumerable.Repeat("cf84617364668471776572847a786376", 32)));
    }

    [TestCase("bf0f000000000000021111", TestName = "int32Overflow")]
    [TestCase("ff0f000000000000021111", TestName = "int32Overflow2")]
    [TestCase("f80180", TestName = "wrongSizeList")]
    [TestCase("f80100", TestName = "wrongSizeList2")]
    [TestCase("b9002100dc2b275d0f74e8a53e6f4ec61b27f24278820be3f82ea2110e582081b0565df0", TestName = "incorrectLengthInArray")]
    [TestCase("f861f83eb9002100dc2b275d0f74e8a53e6f4ec61b27f24278820be3f82ea2110e582081b0565df027b90015002d5ef8325ae4d034df55d4b58d0dfba64d61ddd17be00000b9001a00dae30907045a2f66fa36f2bb8aa9029cbb0b8a7b3b5c435ab331", TestName = "randomRLP")]
    [TestCase("8100", TestName = "bytesShouldBeSingleByte00")]
    [TestCase("8101", TestName = "bytesShouldBeSingleByte01")]
    [TestCase("817f", TestName = "bytesShouldBeSingleByte7F")]
    [TestCase("b90040000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f", TestName = "leadingZerosInLongLengthArray1")]
    [TestCase("b800", TestName = "leadingZerosInLongLengthArray2")]
    [TestCase("fb00000040000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f", TestName = "leadingZerosInLongLengthList1")]
    [TestCase("f800", TestName = "leadingZerosInLongLengthList2")]
    [TestCase("b81000112233445566778899aabbccddeeff", TestName = "nonOptimalLongLengthArray1")]
    [TestCase("b801ff", TestName = "nonOptimalLongLengthArray2")]
    [TestCase("f810000102030405060708090a0b0c0d0e0f", TestName = "nonOptimalLongLengthList1")]
    [TestCase("f803112233", TestName = "nonOptimalLongLengthList2")]
    public void Refuses_the_official_invalid_values(string hex) => Assert.That(() => Walk(Hex.Decode(hex)), Throws.TypeOf<CodecException>());

    [TestCase("820001", TestName = "a leading zero")]
    [TestCase("00", TestName = "zero as a byte")]
    [TestCase("91010000000000000000000000000000000000", TestName = "more than 128 bits")]
    [TestCase("c0", TestName = "a list")]
    [TestCase("", TestName = "nothing")]
    public void Refuses_what_is_no_integer(string hex) => Assert.That(() => new RlpReader(Hex.Decode(hex)).Integer(), Throws.TypeOf<CodecException>());

    /// <summary>Reads everything there is.</summary>
    public static void Walk(ReadOnlySpan<byte> bytes)
    {
        for (var reader = new RlpReader(bytes); !reader.AtEnd;)
            if (reader.AtList) WalkItems(reader.List());
            else reader.Bytes();
    }

    private static void WalkItems(RlpReader reader)
    {
        while (!reader.AtEnd)
            if (reader.AtList) WalkItems(reader.List());
            else reader.Bytes();
    }

    private static void Write(RlpWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) writer.Integer(UInt128.Parse(value.GetRawText()));
        else if (value.ValueKind == JsonValueKind.String) writer.Bytes(Encoding.Latin1.GetBytes(value.GetString()!));
        else writer.List(items => value.EnumerateArray().ToList().ForEach(item => Write(items, item)));
    }

    private static void Check(ref RlpReader reader, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            Assert.That(reader.Integer(), Is.EqualTo(UInt128.Parse(value.GetRawText())));
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            Assert.That(Encoding.Latin1.GetString(reader.Bytes()), Is.EqualTo(value.GetString()));
        }
        else
        {
            var items = reader.List();
            foreach (var item in value.EnumerateArray()) Check(ref items, item);
            items.End();
        }
    }
}
