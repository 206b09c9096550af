namespace EndToEnd;

/// <summary>A venue with clients on it, and the scenes they play.</summary>
/// <remarks>
/// A scene is text. <c>maker: new $m1 sell BTC-USD 1 limit 50000</c> gives a client a command, and <c>maker&lt; 8 11=$m1 150=0</c>
/// says what its next application message must be (<see cref="Expected"/>). $ begins the names that belong to this scene alone,
/// so that scenes can share a venue. Every execution report is also checked against all those before (<see cref="Blotter"/>).
/// </remarks>
internal sealed class TradingFloor(string? config = null) : IDisposable
{
    private readonly string _stores = Places.NewFolder("stores");
    private readonly Tape _tape = new();
    private readonly Dictionary<string, (FixClient Client, Blotter Blotter)> _seats = [];
    private int _scene;

    /// <summary>The venue; nothing is in it before the first <see cref="VenueProcess.Start"/>.</summary>
    public VenueProcess Venue { get; } = new(config);

    /// <summary>The client with this name.</summary>
    public FixClient this[string name] => _seats[name].Client;

    /// <summary>Text that is this scene's own, for names that $ stands for.</summary>
    private string Prefix => $"{_scene}-";

    /// <summary>Starts a client and logs it on.</summary>
    public void Seat(string name, ClientKind kind, string compID, string logon = "")
    {
        var client = new FixClient(kind, compID, Venue.Port, Path.Combine(_stores, compID), logon: logon);
        _seats.Add(name, (client, new Blotter(_tape)));
        client.Connect();
    }

    /// <summary>Kills a client's process, once it has taken in what it was told, and starts it again on the same store, not connected.</summary>
    public void Reseat(string name)
    {
        var (client, blotter) = _seats[name];
        client.Settle();
        client.Dispose();
        _seats[name] = (new FixClient(client.Kind, client.CompID, Venue.Port, Path.Combine(_stores, client.CompID)), blotter);
    }

    /// <summary>Begins a scene: names of earlier ones mean nothing in it.</summary>
    public void NewScene() => _scene++;

    /// <summary>Plays on from where the scene is.</summary>
    public void Play(string text)
    {
        var expected = new Expected(Bound);
        foreach (var raw in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var line = raw.Replace("$", Prefix, StringComparison.Ordinal);
            var at = line.IndexOfAny([':', '<']);
            var (name, rest) = (line[..at], line[(at + 1)..].Trim());
            if (line[at] == ':') this[name].Do(rest);
            else Expect(name, rest, expected);
        }
    }

    /// <summary>What @names stand for in this scene.</summary>
    public Dictionary<string, string> Bound { get; } = [];

    /// <summary>Fails when a client was told something that no scene looked at.</summary>
    public void ExpectSilence()
    {
        foreach (var (client, _) in _seats.Values)
        {
            var mark = client.Unread;
            client.Settle();
            Assert.That(client.Received(mark), Is.Empty, $"messages to {client.CompID} that the scene does not have");
            client.Skip();
        }
    }

    /// <summary>Cancels what a scene left open, so that the next begins with empty books.</summary>
    public void Clear()
    {
        foreach (var (client, blotter) in _seats.Values)
        {
            foreach (var order in blotter.Open.ToArray())
            {
                var mark = client.Mark;
                client.Do($"cancel {order.ClOrdID}-clear {order.ClOrdID} {(order.Side == "1" ? "buy" : "sell")} {order.Symbol}");
                var answer = client.WaitForMessage("answer to the cancel", m => m.Find(11) == $"{order.ClOrdID}-clear", mark);
                if (answer.Type == "8") blotter.Take(answer);
            }
            client.Skip();
        }
        Bound.Clear();
    }

    /// <summary>Every line of the venue and of every client.</summary>
    public string Transcript() => Venue.Transcript() + string.Concat(_seats.Values.Select(seat => seat.Client.Transcript()));

    public void Dispose()
    {
        foreach (var (client, _) in _seats.Values) client.Dispose();
        Venue.Dispose();
        Directory.Delete(_stores, recursive: true);
    }

    private void Expect(string name, string wanted, Expected expected)
    {
        var (client, blotter) = _seats[name];
        var message = client.Next(wanted);
        if (expected.Fault(wanted, message) is { } fault)
            throw new AssertionException($"{name} ({client.CompID}): {fault}\nexpected {wanted}\nreceived {message}");
        // A side of a quote has QuoteID(117) and was never told as new.
        if (message.Type == "8" && message.Find(117) is null) blotter.Take(message);
    }
}
