using System.Text;

namespace Venue.Gateway;

/// <summary>Who is defined: sessions by number and CompIDs, firms by name.</summary>
internal sealed class Directory
{
    private static readonly List<ClientSession> Nobody = [];
    private readonly List<ClientSession> _clients = [];
    private readonly Dictionary<(string, string), ClientSession> _byName = [];
    private readonly Dictionary<string, int> _firms = [];
    private readonly Dictionary<int, string> _firmNames = [];
    private readonly List<List<ClientSession>> _copies = [];   // readers of each firm's reports, by the firm's number

    /// <summary>All sessions, in the order of their numbers.</summary>
    public IReadOnlyList<ClientSession> Clients => _clients;

    /// <summary>The session of this number, from 1.</summary>
    public ClientSession this[int session] => _clients[session - 1];

    /// <summary>Makes the same firms and sessions in another, with memories of their own.</summary>
    public void CopyTo(Directory other, ISessionJournal journal)
    {
        foreach (var (name, firm) in _firms) other.DefineFirm(firm, name);
        foreach (var client in _clients) other.Add(new ClientSession(client, journal));
    }

    /// <summary>A session is new.</summary>
    public void Add(ClientSession client)
    {
        _clients.Add(client);
        _byName[(client.ClientCompID, client.VenueCompID)] = client;
        client.Account = Encoding.ASCII.GetBytes(NameOf(client.Firm));
    }

    /// <summary>A session uses another firm's balances from now on.</summary>
    public void Move(ClientSession client, int firm)
    {
        var reads = client.ReadsCopies;
        Copy(client, reads: false);
        client.Firm = firm;
        client.Account = Encoding.ASCII.GetBytes(NameOf(firm));
        Copy(client, reads);
    }

    /// <summary>The session is given its firm's reports from now on, or no more.</summary>
    public void Copy(ClientSession client, bool reads)
    {
        if (client.ReadsCopies == reads) return;
        client.ReadsCopies = reads;
        while (_copies.Count <= client.Firm) _copies.Add([]);
        if (reads) _copies[client.Firm].Add(client);
        else _copies[client.Firm].Remove(client);
    }

    /// <summary>Who is given copies of the firm's reports.</summary>
    public List<ClientSession> CopiesOf(int firm) => firm < _copies.Count ? _copies[firm] : Nobody;

    /// <summary>A firm is new, or defined again.</summary>
    public void DefineFirm(int firm, string name)
    {
        _firms[name] = firm;
        _firmNames[firm] = name;
        foreach (var client in _clients)
            if (client.Firm == firm) client.Account = Encoding.ASCII.GetBytes(name);
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
