using System.Globalization;

namespace EndToEnd;

/// <summary>A session that enters, replaces and cancels orders of all kinds around fixed prices, some at a time, so that books move much and stay small.</summary>
internal sealed class OrderFlow : IDisposable
{
    /// <summary>What it trades.</summary>
    public static readonly IReadOnlyList<string> Symbols = ["BTC-USD", "ETH-USD"];

    private const int LiveMax = 150;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    private readonly FixStream _stream;
    private readonly string _compID;
    private readonly Random _random;
    private readonly List<(string Id, int Side, int Symbol)> _live = [];
    private int _nextOut = 1, _requests;

    /// <summary>Logs on with fresh numbers.</summary>
    public OrderFlow(int port, string compID, int seed)
    {
        (_compID, _random, _stream) = (compID, new Random(seed), new FixStream(port));
        Send("A", "98=0|108=30|141=Y");
        while (_stream.Read() is { } message && message.Type != "A")
        {
        }
    }

    /// <summary>Sends this many requests at once and waits until the last one is answered. What a venue refuses because its disk is behind is not entered; it gets a pause.</summary>
    public void Step(int requests)
    {
        for (var i = 0; i < requests; i++) Request();
        var last = Id(_requests);
        while (true)
        {
            var message = _stream.Read() ?? throw new AssertionException($"{_compID}: the venue closed the connection");
            if (message.Type is "8" or "9" && message[11] == last) return;
            if (message.Type == "j" && message[58].StartsWith("BUSY|", StringComparison.Ordinal))
            {
                Thread.Sleep(BusyPause);
                if (message[379] == last) return;
                continue;
            }
            if (message.Type is "3" or "j" or "5") throw new AssertionException($"{_compID}: did not expect {message}");
        }
    }

    private void Request()
    {
        var id = Id(++_requests);
        if (_live.Count > 0 && (_live.Count >= LiveMax || _random.Next(3) == 0))
        {
            var at = _random.Next(_live.Count);
            var (orig, side, symbol) = _live[at];
            _live.RemoveAt(at);
            if (_random.Next(2) == 0)
            {
                Send("F", $"11={id}|41={orig}|54={side}|55={Symbols[symbol]}|60={Now()}");
                return;
            }
            Send("G", $"11={id}|41={orig}|54={side}|55={Symbols[symbol]}|60={Now()}|38={Quantity()}|40=2|44={Price(side, symbol)}|59=1");
            _live.Add((id, side, symbol));
            return;
        }
        var (newSide, newSymbol) = (_random.Next(1, 3), _random.Next(Symbols.Count));
        // Icebergs and hidden orders too: of those, only what is shown is in any book.
        var terms = _random.Next(10) switch { 0 => "|111=0.00100", 1 => "|111=0", 2 => "|18=6", _ => "" };
        Send("D", $"11={id}|54={newSide}|55={Symbols[newSymbol]}|60={Now()}|38={Quantity()}|40=2|44={Price(newSide, newSymbol)}|59=1{terms}");
        _live.Add((id, newSide, newSymbol));
    }

    private string Id(int request) => $"{_compID}-{request}";

    private string Quantity() => (_random.Next(1, 1000) * 0.0001m).ToString(CultureInfo.InvariantCulture);

    private string Price(int side, int symbol) => ((symbol == 0 ? 50_000m : 3_000m) + (side == 1 ? -1 : 1) * (_random.Next(0, 60) - 4) * 0.01m).ToString(CultureInfo.InvariantCulture);

    private void Send(string msgType, string fields) => _stream.Write($"35={msgType}|34={_nextOut++}|49={_compID}|56=VENUE|52={Now()}|{fields}");

    private static string Now() => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public void Dispose() => _stream.Dispose();
}
