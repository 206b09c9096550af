using Grpc.Core;
using Grpc.Net.Client;
using Venue.Api;

namespace House.Prepare;

/// <summary>What the venue calls its firms and assets: numbers are the venue's, names are what people know.</summary>
internal sealed class VenueNames
{
    private readonly Dictionary<string, int> _firms = new(StringComparer.Ordinal), _assets = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _decimals = [];
    private readonly Dictionary<string, InstrumentDefined> _instruments = new(StringComparer.Ordinal);

    private VenueNames() { }

    /// <summary>Number of a firm.</summary>
    public int Firm(string name) => _firms.TryGetValue(name, out var number) ? number : throw new InvalidDataException($"the venue has no firm {name}");

    /// <summary>Number of an asset.</summary>
    public int Asset(string code) => _assets.TryGetValue(code, out var number) ? number : throw new InvalidDataException($"the venue has no asset {code}");

    /// <summary>Decimals of an asset.</summary>
    public int Decimals(string code) => _decimals[Asset(code)];

    /// <summary>An instrument's terms.</summary>
    public InstrumentDefined Instrument(string symbol) => _instruments.TryGetValue(symbol, out var terms) ? terms : throw new InvalidDataException($"the venue has no instrument {symbol}");

    /// <summary>Reads the feed from its oldest event until these firms have been named.</summary>
    public static async Task<VenueNames> Read(int apiPort, string tokens, params IReadOnlyList<string> firms)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{apiPort}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var call = new Feed.FeedClient(channel).Events(new EventsRequest { FromOldest = true }, new Metadata { { "authorization", "Bearer " + ApiTokens.Of("feed", tokens) } }, cancellationToken: limit.Token);
        var names = new VenueNames();
        while (!firms.All(names._firms.ContainsKey) && await call.ResponseStream.MoveNext(limit.Token))
        {
            foreach (var e in call.ResponseStream.Current.Events)
            {
                if (e.FirmDefined is { } firm) names._firms[firm.Name] = firm.Firm;
                if (e.InstrumentDefined is { } instrument) names._instruments[instrument.Symbol] = instrument;
                if (e.AssetDefined is not { } asset) continue;
                names._assets[asset.Code] = asset.Asset;
                names._decimals[asset.Asset] = asset.Decimals;
            }
        }
        return names;
    }
}
