using System.Net;
using System.Net.Sockets;

namespace Venue.Host;

/// <summary>Networks from which somebody may connect, IPv4 and IPv6: single addresses and CIDR blocks.</summary>
/// <remarks>An IPv4 address that a dual-stack socket shows as ::ffff:a.b.c.d counts as a.b.c.d.</remarks>
public sealed class AddressList
{
    private readonly IPNetwork[] _networks;

    private AddressList(IPNetwork[] networks) => _networks = networks;

    /// <summary>Every address.</summary>
    public static AddressList Any { get; } = new([]);

    /// <summary>True for an address in one of the networks.</summary>
    public bool Contains(IPAddress address)
    {
        if (_networks.Length == 0) return true;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var network in _networks)
            if (network.Contains(address)) return true;
        return false;
    }

    /// <summary>Reads "10.0.0.0/8, 192.0.2.7, 2001:db8::/32"; false, with what is wrong, for anything else.</summary>
    public static bool TryParse(string text, out AddressList list, out string fault)
    {
        list = Any;
        fault = "";
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryRead(part, out var network)) networks.Add(network);
            else fault = $"'{part}' is neither an IP address nor a network ADDRESS/BITS without bits to the right of its mask";
        }
        if (fault.Length > 0) return false;
        list = new AddressList([.. networks]);
        return true;
    }

    private static bool TryRead(string text, out IPNetwork network)
    {
        // 10.0.0.1/8 is a mistake: one address or sixteen million?
        if (text.Split('/') is [var prefix, _]) return IPNetwork.TryParse(text, out network) && IPAddress.TryParse(prefix, out var own) && network.BaseAddress.Equals(own);
        network = default;
        // "10" and "10.1" are addresses to IPAddress and mistakes to everybody else.
        if (!IPAddress.TryParse(text, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)) return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
