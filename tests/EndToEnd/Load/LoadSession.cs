using System.Globalization;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>
/// One FIX session that trades as fast as it is answered, survives connections, and checks everything it is told:
/// sequence numbers, resends and what the reports add up to.
/// </summary>
/// <remarks>One thread at a time. It never resends an order: what the venue has not seen of it is gap-filled.</remarks>
internal sealed class LoadSession(string compID, Tape tape, Random random)
{
    /// <summary>Requests sent and not answered, at most.</summary>
    private const int Window = 32;

    /// <summary>The last orders of a round are asked for again in every later round.</summary>
    private const int VeteransPerRound = 50;

    private readonly Blotter _blotter = new(tape);
    private readonly HashSet<string> _unanswered = [];
    private readonly List<Sent> _orders = [];      // new orders of this round, in the order sent
    private readonly List<Sent> _veterans = [];    // a few of every round before
    private FixStream? _stream;
    private int _nextOut = 1, _nextIn = 1, _askedFrom;
    private int _requests;
    private volatile bool _hangUp;
    private string? _testReqID;
    private FixMessage? _last;

    /// <summary>An order that went out, whether or not the venue ever saw it.</summary>
    private sealed record Sent(string ClOrdID, string Side, string Symbol)
    {
        /// <summary>It was accepted before the connection on which it was sent broke.</summary>
        public bool Acknowledged { get; set; }
    }

    /// <summary>Orders sent in this round.</summary>
    public int OrdersSent => _orders.Count;

    /// <summary>Orders of this round that were accepted before the connection broke.</summary>
    public int OrdersAcknowledged => _orders.Count(order => order.Acknowledged);

    /// <summary>Messages that came by resend and had not come before.</summary>
    public int Recovered { get; private set; }

    /// <summary>Connects, logs on without a reset, and gets what was missed. False when the venue went away meanwhile.</summary>
    public bool Recover(int port) => WhileConnected(() =>
    {
        Close();
        _askedFrom = 0;
        _unanswered.Clear();
        _stream = new FixStream(port);
        Send("A", "98=0|108=30");
        PumpUntil(() => _last is { Type: "A" });
        // Its answer comes after everything that was sent before it: when it is the next one due, nothing is missing.
        _testReqID = $"{compID}-{_nextOut}";
        Send("1", $"112={_testReqID}");
        PumpUntil(() => _last is { Type: "0" } && _last.Find(112) == _testReqID);
        _testReqID = null;
    });

    /// <summary>Sends orders and cancels until the connection breaks, or it is to hang up.</summary>
    /// <exception cref="AssertionException">It was told something that cannot be.</exception>
    public void Trade()
    {
        WhileConnected(() =>
        {
            while (!_hangUp)
            {
                while (_unanswered.Count < Window) Request();
                Pump();
            }
        });
        Close();
    }

    /// <summary>Lets <see cref="Trade"/>, on its own thread, drop the connection without Logout and with requests unanswered.</summary>
    public void HangUp() => _hangUp = true;

    /// <summary>Begins a new round; of the last, a few orders are kept to be asked for again.</summary>
    public void NewRound()
    {
        _veterans.AddRange(_orders.TakeLast(VeteransPerRound).Where(order => order.Acknowledged));
        _orders.Clear();
        Recovered = 0;
        _hangUp = false;
    }

    /// <summary>Notes what was acknowledged at this time, before anything is recovered.</summary>
    public void NoteAcknowledged()
    {
        foreach (var order in _orders) order.Acknowledged = _blotter.Find(order.ClOrdID) is not null;
    }

    /// <summary>
    /// Asks for the status of every order of this round, and of a few before. An order for which a report came, before the
    /// connection broke or by resend, must stand as the reports say; any other must be unknown.
    /// </summary>
    public void Audit()
    {
        foreach (var chunk in _orders.Concat(_veterans).Chunk(Window))
        {
            var answers = new Dictionary<string, FixMessage>();
            foreach (var order in chunk) Send("H", $"11={order.ClOrdID}|54={order.Side}|55={order.Symbol}");
            PumpUntil(() =>
            {
                if (_last is { Type: "8" } && _last[150] == "I") answers[_last[11]] = _last;
                return answers.Count == chunk.Length;
            });
            foreach (var order in chunk)
            {
                var told = _blotter.Find(order.ClOrdID) is not null;
                var known = answers[order.ClOrdID][37] != "NONE";
                if (order.Acknowledged && !known) throw new AssertionException($"{order.ClOrdID} was acknowledged and is lost: {answers[order.ClOrdID]}");
                if (told != known) throw new AssertionException($"{order.ClOrdID}: a report came: {told}, known to the venue: {known}: {answers[order.ClOrdID]}");
            }
        }
    }

    /// <summary>Cancels everything that is open, so that the next round begins with empty books, and logs out.</summary>
    public void Leave()
    {
        foreach (var chunk in _blotter.Open.ToArray().Chunk(Window))
        {
            foreach (var order in chunk) Cancel(order);
            PumpUntil(() => _unanswered.Count == 0);
        }
        Send("5", "");
        PumpUntil(() => _last is { Type: "5" });
        Close();
        _blotter.ForgetDone(_veterans.Concat(_orders.TakeLast(VeteransPerRound)).Select(order => order.ClOrdID).ToHashSet());
    }

    private void Request()
    {
        if (_blotter.Open is { Count: > 0 } open && random.Next(100) < 25)
        {
            Cancel(open[random.Next(open.Count)]);
            return;
        }
        var order = new Sent($"{compID}-{++_requests}", random.Next(2) == 0 ? "1" : "2", random.Next(5) == 0 ? "ETH-USD" : "BTC-USD");
        var middle = order.Symbol == "BTC-USD" ? 50_000m : 3_000m;
        var quantity = random.Next(1, 500) * 0.0001m;
        var price = middle + random.Next(-50, 51) * 0.01m;
        _orders.Add(order);
        _unanswered.Add(order.ClOrdID);
        var terms = random.Next(100) switch
        {
            < 90 => $"40=2|44={price.ToString(CultureInfo.InvariantCulture)}|59=1",
            < 96 => $"40=2|44={price.ToString(CultureInfo.InvariantCulture)}|59=3",
            _ => "40=1",
        };
        Send("D", $"11={order.ClOrdID}|54={order.Side}|55={order.Symbol}|38={quantity.ToString(CultureInfo.InvariantCulture)}|{terms}|60={Now()}");
    }

    private void Cancel(Blotter.Order order)
    {
        var clOrdID = $"{compID}-{++_requests}";
        _unanswered.Add(clOrdID);
        Send("F", $"11={clOrdID}|41={order.ClOrdID}|54={order.Side}|55={order.Symbol}|60={Now()}");
    }

    /// <summary>Runs until it is through, or the connection breaks; false when it broke.</summary>
    private bool WhileConnected(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is SocketException { SocketErrorCode: not SocketError.TimedOut } or EndOfStreamException)
        {
            Close();
            return false;
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void PumpUntil(Func<bool> isDone)
    {
        do Pump();
        while (!isDone());
    }

    private void Pump()
    {
        var message = _stream!.Read() ?? throw new EndOfStreamException($"{compID}: the venue closed the connection");
        _last = Sequence(message) ? message : null;
        if (_last is not null) Take(_last);
    }

    /// <summary>FIX 4.4 vol 2: true when this message is the next one, or one that is obeyed even in a gap.</summary>
    private bool Sequence(FixMessage message)
    {
        if (message.SeqNum > _nextIn)
        {
            if (_askedFrom != _nextIn) Send("2", $"7={_nextIn}|16=0");
            _askedFrom = _nextIn;
            return message.Type is "A" or "2";
        }
        if (message.SeqNum < _nextIn)
        {
            if (!message.IsPossDup) throw new AssertionException($"{compID}: MsgSeqNum {message.SeqNum} where {_nextIn} was due: {message}");
            // Told again: it must say the same, and cannot be news.
            if (message.Type == "8" && tape.Take(message)) throw new AssertionException($"{compID}: was never told before: {message}");
            return false;
        }
        _nextIn = message.Type == "4" ? int.Parse(message[36], CultureInfo.InvariantCulture) : _nextIn + 1;
        if (_nextIn <= message.SeqNum) throw new AssertionException($"{compID}: NewSeqNo moves backwards: {message}");
        if (message.IsPossDup && message.Type != "4") Recovered++;
        return true;
    }

    private void Take(FixMessage message)
    {
        switch (message.Type)
        {
            case "8":
                _blotter.Take(message);
                Answered(message);
                break;
            case "9":
                Answered(message);
                break;
            case "1":
                Send("0", $"112={message[112]}");
                break;
            case "2":
                FillGap(int.Parse(message[7], CultureInfo.InvariantCulture), int.Parse(message[16], CultureInfo.InvariantCulture));
                break;
            case "A" or "0" or "4" or "5":
                break;
            default:
                throw new AssertionException($"{compID}: did not expect {message}");
        }
    }

    /// <summary>Old orders are not sent again: who knows what the market is by now.</summary>
    private void FillGap(int begin, int end)
    {
        SendAs(begin, "4", $"43=Y|122={Now()}|123=Y|36={(end == 0 ? _nextOut : end + 1)}");
        if (_testReqID is not null) Send("1", $"112={_testReqID}");   // the first may have been in the gap
    }

    private void Answered(FixMessage message)
    {
        if (message.Type == "8" && message[150] == "I") return;
        _unanswered.Remove(message[11]);
    }

    private void Send(string msgType, string fields)
    {
        SendAs(_nextOut, msgType, fields);
        _nextOut++;
    }

    private void SendAs(int seqNum, string msgType, string fields) =>
        _stream!.Write($"35={msgType}|34={seqNum}|49={compID}|56=VENUE|52={Now()}{(fields.Length == 0 ? "" : "|")}{fields}");

    private static string Now() => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
