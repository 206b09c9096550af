using System.Globalization;
using Custody.Chains;
using Custody.Host.Database;
using Custody.Keys;

namespace Custody.Host.Workers;

/// <summary>Our addresses: made by the signer, computed again by the chain's adapter, written down when both agree.</summary>
public sealed class AddressBook(Store store, ISigner signer, IReadOnlyList<IChain> chains)
{
    private const string Hot = "hot", FirmPrefix = "firm-";

    /// <summary>Writes down all that the signer has, of networks that we serve.</summary>
    public void Refresh()
    {
        if (signer.Addresses() is not AddressesReply reply) throw new InvalidOperationException("Addresses: the signer refused to name them");
        foreach (var address in reply.Addresses)
            if (chains.FirstOrDefault(c => c.ChainID == address.ChainID) is { } chain && FirmOf(address.Group) is { } firm) Keep(chain, address, firm);
    }

    /// <summary>A firm's address for deposits on a chain, made now if it has none.</summary>
    public string DepositAddress(IChain chain, int firm)
    {
        var group = firm == 0 ? Hot : FirmPrefix + firm.ToString(CultureInfo.InvariantCulture);
        var there = store.Read(u => DepositTable.Addresses(u, chain.ChainID)).FirstOrDefault(a => a.Group == group);
        if (there.Address is not null) return there.Address.Address;
        if (signer.NewAddress(chain.ChainID, group) is not AddressesReply { Addresses: [var made] }) throw new InvalidOperationException($"Addresses: the signer made none for {group}");
        return Keep(chain, made, firm);
    }

    private string Keep(IChain chain, SignerAddress address, int firm)
    {
        var computed = chain.AddressOf(address.PublicKeys);
        // Two programs that share no code have to agree on where money is sent.
        if (!chain.TryParseAddress(address.Address, out var canonical) || canonical != computed)
            throw new InvalidOperationException($"Addresses: the signer says {address.Address} where the adapter of {chain.ChainID} computes {computed}");
        store.Write(u => DepositTable.AddAddress(u, address, canonical, firm));
        return canonical;
    }

    private static int? FirmOf(string group) => group == Hot ? 0
        : group.StartsWith(FirmPrefix, StringComparison.Ordinal) && int.TryParse(group.AsSpan(FirmPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var firm) ? firm
        : null;
}
