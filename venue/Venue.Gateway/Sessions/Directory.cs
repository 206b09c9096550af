using System.Text;

namespace Venue.Gateway;

/// <summary>Who is defined: sessions by number and CompIDs, firms by name.</summary>
internal sealed class Directory
{
    private readonly List<ClientSession> _clients = [];
    private readonly Dictionary<(string, string), ClientSession> _byName = [];
    private readonly Dictionary<string, int> _firms = [];
    private readonly Dictionary<int, string> _firmNames = [];

    /// <summary>All sessions, in the order of their numbers.</summary>
    public IReadOnlyList<ClientSession> Clients => _clients;

    /// <summary>The session of this number, from 1.</summary>
    public ClientSession this[int session] => _clients[session - 1];

    /// <summary>A session is new.</summary>
    public void Add(ClientSession client)
    {
        _clients.Add(client);
        _byName[(client.ClientCompID, client.VenueCompID)] = client;
    }

    /// <summary>A firm is new, or defined again.</summary>
    public void DefineFirm(int firm, string name)
    {
        _firms[name] = firm;
        _firmNames[firm] = name;
    }

    /// <summary>The firm's name; empty for none.</summary>
    public string NameOf(int firm) => _firmNames.GetValueOrDefault(firm, "");

    /// <summary>The session of these CompIDs; null when there is none.</summary>
    public ClientSession? Find(ReadOnlySpan<byte> clientCompID, ReadOnlySpan<byte> venueCompID) =>
        _byName.GetValueOrDefault((Encoding.ASCII.GetString(clientCompID), Encoding.ASCII.GetString(venueCompID)));

    /// <summary>The firm's session that this client's CompID names beside its own; null when there is none.</summary>
    public ClientSession? FindBeside(ClientSession client, ReadOnlySpan<byte> clientCompID) =>
        _byName.GetValueOrDefault((Encoding.ASCII.GetString(clientCompID), client.VenueCompID));

    /// <summary>Number of the firm of this name; 0 when there is none.</summary>
    public int FirmOf(ReadOnlySpan<byte> name) => _firms.GetValueOrDefault(Encoding.ASCII.GetString(name));
}
