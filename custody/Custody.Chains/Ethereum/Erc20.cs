using System.Buffers.Binary;

namespace Custody.Chains.Ethereum;

/// <summary>The three things that custody asks of a token (ERC-20), in the contract ABI's words of 32 bytes.</summary>
public static class Erc20
{
    private const int Word = 32;

    /// <summary>First topic of <c>Transfer(address,address,uint256)</c>: its Keccak-256.</summary>
    public const string TransferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    // First four bytes of the Keccak-256 of transfer(address,uint256) and of balanceOf(address).
    private static ReadOnlySpan<byte> TransferSelector => [0xa9, 0x05, 0x9c, 0xbb];
    private static ReadOnlySpan<byte> BalanceOfSelector => [0x70, 0xa0, 0x82, 0x31];

    /// <summary>Input that sends atoms of the token from the caller.</summary>
    public static byte[] Transfer(ReadOnlySpan<byte> to, UInt128 atoms) => [.. TransferSelector, .. Address(to), .. Number(atoms)];

    /// <summary>Input that asks what an account holds.</summary>
    public static byte[] BalanceOf(ReadOnlySpan<byte> account) => [.. BalanceOfSelector, .. Address(account)];

    /// <summary>A number of 256 bits, of which custody takes 128.</summary>
    public static UInt128 ReadNumber(ReadOnlySpan<byte> word)
    {
        if (word.Length != Word) throw new CodecException("abi: a number that is not of 32 bytes");
        if (word[..16].ContainsAnyExcept((byte)0)) throw new CodecException("abi: a number over 128 bits");
        return BinaryPrimitives.ReadUInt128BigEndian(word[16..]);
    }

    /// <summary>An address in a word.</summary>
    public static byte[] ReadAddress(ReadOnlySpan<byte> word)
    {
        if (word.Length != Word || word[..12].ContainsAnyExcept((byte)0)) throw new CodecException("abi: a word that is no address");
        return word[12..].ToArray();
    }

    private static byte[] Address(ReadOnlySpan<byte> address) => address.Length == EthereumAddress.Length ? [.. new byte[12], .. address] : throw new CodecException("abi: an address that is not of 20 bytes");

    private static byte[] Number(UInt128 value)
    {
        var word = new byte[Word];
        BinaryPrimitives.WriteUInt128BigEndian(word.AsSpan(16), value);
        return word;
    }
}
