using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <content>Two gateways of one venue: the core's, and one that serves the sessions of kind MarketData on a thread of its own.</content>
public sealed partial class Gateway
{
    /// <summary>Where sessions of kind MarketData are served; null: here.</summary>
    [field: NotState]
    public IMarketEdge? Edge { get; set; }

    /// <summary>True when a session is served by the other gateway.</summary>
    private bool IsElsewhere(ClientSession client) => Edge is not null && client.Profile.Kind == SessionKind.MarketData;

    /// <summary>True when there are sessions that another gateway could serve.</summary>
    public bool HasMarketDataSessions => Clients.Any(client => client.IsConfigured && client.Profile.Kind == SessionKind.MarketData);

    /// <summary>True when a session is served by this gateway.</summary>
    public bool Serves(ClientSession client) => !IsElsewhere(client);

    /// <summary>True while somebody reads market data.</summary>
    public bool HasReaders => _marketData.Readers > 0;

    /// <summary>The other gateway is no more: its sessions are lost. False when some of them must be told by another call.</summary>
    public bool EdgeEnded()
    {
        foreach (var client in Clients)
        {
            if (!IsElsewhere(client) || !client.IsPresent) continue;
            if (_commands.IsFull) return false;
            Disconnected(client, DisconnectCause.Lost);
        }
        return true;
    }

    /// <summary>The session as it is where it is served.</summary>
    private ClientSession Served(ClientSession client) => IsElsewhere(client) ? Edge!.Find(client.Id) ?? client : client;

    /// <summary>
    /// A gateway for the sessions of kind MarketData alone: begun, with what this one knows of instruments, firms, books and phases. From
    /// then on it must be told of everything public that happens. They share nothing that changes.
    /// </summary>
    /// <param name="commands">Where it says who comes and goes.</param>
    /// <param name="orders">Books order by order, for its thread.</param>
    /// <param name="nowNs">Nanoseconds since 1970-01-01 UTC.</param>
    public Gateway Fork(ICommandSink commands, IOrderBooks orders, long nowNs)
    {
        var served = _options.Profiles.Where(p => p.Value.Kind == SessionKind.MarketData).ToDictionary();
        var options = _options with { Sessions = _options.Sessions.Where(s => served.ContainsKey(s.Key)).ToDictionary(), Profiles = served, Refusal = null, Verify = null, ServesOthers = false };
        var fork = new Gateway(options, commands, new NoJournal()) { Orders = orders, PublishesByItself = false };
        Instruments.CopyTo(fork.Instruments);
        _directory.CopyTo(fork._directory, fork._journal);
        foreach (var instrument in Instruments.All) fork.Take(instrument.Id, Image(instrument.Id));
        fork.Start(nowNs);
        return fork;
    }

    /// <summary>All that is public of an instrument, but for single orders.</summary>
    public PublicImage Image(int instrument) => new(_marketData.Book(instrument).Copy(), _trading[instrument]);

    /// <summary>What happens to this instrument is not told any more, until an image of it comes: its readers wait, and get a snapshot then.</summary>
    public void Lose(int instrument) => _marketData.Lose(instrument);

    /// <summary>This is how an instrument stands now, whatever was told before.</summary>
    public void Restore(int instrument, PublicImage image, long nowNs)
    {
        if (Take(instrument, image)) TellPhases(nowNs);
    }

    /// <summary>True when it is in another phase than was known.</summary>
    private bool Take(int instrument, PublicImage image)
    {
        _marketData.Restore(instrument, image.Book);
        return _trading.Restore(instrument, image.Phase);
    }

    /// <summary>A connection that another gateway has let in; <see cref="Opened"/> comes before.</summary>
    public void Adopted(Connection connection, long nowNs)
    {
        Received(connection, nowNs);
        if (connection is { ClientCompID: not null, Logon: { Client: var client, Refusal: { Length: > 0 } refusal } }) connection.CloseReason = RefusedText(client, refusal);
    }

    /// <summary>An operator's News (B) that was given to another gateway.</summary>
    public void Announce(ReadOnlySpan<byte> fields, long nowNs) => News.Tell(Clients, fields, nowNs, AfterSession);
}

/// <summary>All that is public of an instrument at one moment, but for single orders.</summary>
public sealed class PublicImage
{
    internal PublicImage(DepthBook book, PhaseNow phase) => (Book, Phase) = (book, phase);

    internal DepthBook Book { get; }

    internal PhaseNow Phase { get; }
}
