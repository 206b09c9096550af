namespace Certification;

/// <summary>Passive checks: what must hold in every case, whatever the case is about.</summary>
internal sealed class Hygiene(Vocabulary words, Transcript transcript, string sender, string target, int nextIn)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5), SkewMax = TimeSpan.FromSeconds(120), Slack = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, List<string>> _faults = [];
    private readonly Dictionary<string, string> _execIDs = [];
    private readonly Dictionary<string, TimeSpan> _asked = [];   // our TestRequests by TestReqID
    private readonly List<(int From, int To)> _gaps = [];
    private readonly Dictionary<string, FixMessage> _open = [];   // OrderID -> last report
    private TimeSpan _slowestAnswer, _longestSilence, _lastReceived;
    private int _received;

    /// <summary>The names of the checks and what each asks.</summary>
    private static readonly (string Check, string Rule)[] Checks =
    [
        ("framing", "BodyLength(9) and CheckSum(10) are right"),
        ("dictionary", "messages, fields and values are those of the published dictionary"),
        ("addresses", "SenderCompID(49) and TargetCompID(56) are those agreed"),
        ("numbers", "MsgSeqNum(34) rises by one"),
        ("clock", "SendingTime(52) is within 120 s of ours"),
        ("heartbeats", "something comes within each HeartBtInt(108)"),
        ("answers", "TestRequest(1) is answered within 5 s with its TestReqID(112)"),
        ("ids", "ExecID(17) is new in every new report"),
        ("quantities", "OrderQty(38) = CumQty(14) + LeavesQty(151) while an order works, LeavesQty(151) = 0 after"),
    ];

    /// <summary>MsgSeqNum(34) of the next message that is to come.</summary>
    public int NextIn { get; private set; } = nextIn;

    /// <summary>HeartBtInt(108) of the Logon; zero when there is none.</summary>
    public TimeSpan Heartbeat { get; set; }

    /// <summary>The last report of every order that still works, for whoever cleans up.</summary>
    public IEnumerable<FixMessage> OpenOrders => _open.Values;

    /// <summary>A connection begins: silence counts from here.</summary>
    public void Connected() => _lastReceived = transcript.Elapsed;

    /// <summary>The connection is gone: nobody has to answer any more.</summary>
    public void Disconnected() => _asked.Clear();

    /// <summary>Both sides start again from 1.</summary>
    public void Reset()
    {
        NextIn = 1;
        _gaps.Clear();
    }

    /// <summary>Garbled bytes came.</summary>
    public void OnGarbled(string text) => Fault("framing", $"these bytes are no message: {text}");

    /// <summary>A message was sent by the script.</summary>
    public void OnSent(FixMessage message)
    {
        if (message.Type == "1" && message.Find(112) is { } id) _asked[id] = transcript.Elapsed;
        if (message.Type == "2") _gaps.RemoveAll(gap => gap.From >= message.Number(7));
    }

    /// <summary>Time passes with the connection open.</summary>
    public void Poll()
    {
        var silence = transcript.Elapsed - _lastReceived;
        if (silence > _longestSilence) _longestSilence = silence;
        if (Heartbeat > TimeSpan.Zero && silence > Heartbeat * 1.5 + Slack)
        {
            Fault("heartbeats", $"nothing for {silence.TotalSeconds:0.0} s, HeartBtInt(108) is {Heartbeat.TotalSeconds:0}");
            _lastReceived = transcript.Elapsed;
        }
        foreach (var (id, at) in _asked.Where(pair => transcript.Elapsed - pair.Value > AnswerWithin).ToArray())
        {
            Fault("answers", $"no Heartbeat(0) with TestReqID(112) {id} within {AnswerWithin.TotalSeconds} s of {at.TotalSeconds:0.0} s");
            _asked.Remove(id);
        }
    }

    /// <summary>A message came.</summary>
    public void OnReceived(FixMessage message)
    {
        Poll();
        _received++;
        _lastReceived = transcript.Elapsed;
        foreach (var fault in words.Faults(message)) Fault("dictionary", fault);
        if (message.Find(49) != sender || message.Find(56) != target)
            Fault("addresses", $"{message.Find(49)} -> {message.Find(56)}, not {sender} -> {target}");
        if (!Venue.Fix.FieldText.TryTime(System.Text.Encoding.Latin1.GetBytes(message.Find(52) ?? ""), out var sentNs)
            || (DateTime.UtcNow - DateTime.UnixEpoch.AddTicks(sentNs / 100)).Duration() > SkewMax) Fault("clock", $"SendingTime(52) is {message.Find(52) ?? "absent"}");
        Count(message);
        if (message.Type == "0" && message.Find(112) is { } id && _asked.Remove(id, out var at) && transcript.Elapsed - at > _slowestAnswer)
            _slowestAnswer = transcript.Elapsed - at;
        if (message.Type == "8") OnReport(message);
    }

    /// <summary>All checks with what they found.</summary>
    public IReadOnlyList<Observation> Observations() =>
        [.. Checks.Select(c => _faults.TryGetValue(c.Check, out var faults)
            ? new Observation(c.Check, false, $"{faults[0]}{(faults.Count > 1 ? $" (and {faults.Count - 1} more)" : "")}")
            : new Observation(c.Check, true, c.Rule + Figure(c.Check)))];

    /// <summary>Gaps that nobody asked for again are faults at the end.</summary>
    public void Finish()
    {
        foreach (var (from, to) in _gaps) Fault("numbers", $"{from} to {to} never came");
    }

    private string Figure(string check) => check switch
    {
        "numbers" => $": {_received} messages, next is {NextIn}",
        "answers" when _slowestAnswer > TimeSpan.Zero => $": slowest {_slowestAnswer.TotalMilliseconds:0} ms",
        "heartbeats" when _received > 0 => $": longest silence {_longestSilence.TotalSeconds:0.0} s",
        "ids" => $": {_execIDs.Count} reports",
        _ => "",
    };

    private void Count(FixMessage message)
    {
        if (message.Type == "A" && message.Find(141) == "Y") Reset();
        var number = message.SeqNum;
        if (message.Type == "4" && message.Find(123) != "Y")
        {
            // A Reset is valid whatever its own number is (FIX 4.4 vol 2).
            NextIn = Math.Max(NextIn, message.Number(36));
            return;
        }
        if (number < NextIn && !message.IsPossDup)
        {
            Fault("numbers", $"MsgSeqNum(34) {number} came again without PossDupFlag(43), {NextIn} was next");
            return;
        }
        if (number > NextIn) _gaps.Add((NextIn, number - 1));
        NextIn = Math.Max(NextIn, number + 1);
        if (message.Type == "4") NextIn = Math.Max(NextIn, message.Number(36));
    }

    private void OnReport(FixMessage report)
    {
        var (execID, content) = (report.Find(17) ?? "", Content(report));
        // The same ExecID may come again in a resend, with the same content.
        if (!_execIDs.TryAdd(execID, content) && (!report.IsPossDup || _execIDs[execID] != content))
            Fault("ids", $"ExecID(17) {execID} came before with another content, or without PossDupFlag(43)");
        var (cum, leaves) = (report.Find(14) ?? "", report.Find(151) ?? "");
        var works = report.Find(39) is "0" or "1";
        if (works && report.Find(38) is { } quantity && !DecimalText.AddsUp(cum, leaves, quantity))
            Fault("quantities", $"OrderQty(38) {quantity}, CumQty(14) {cum}, LeavesQty(151) {leaves}");
        if (!works && DecimalText.Compare(leaves, "0") != 0) Fault("quantities", $"LeavesQty(151) is {leaves} of an order that is done");
        if (report.Find(37) is not { } order || order == "NONE") return;
        if (works) _open[order] = report;
        else _open.Remove(order);
    }

    private static string Content(FixMessage message) =>
        string.Join('|', message.Fields.Where(f => f.Tag is not (9 or 10 or 34 or 43 or 52 or 97 or 122)).Select(f => $"{f.Tag}={f.Value}"));

    private void Fault(string check, string what)
    {
        if (!_faults.TryGetValue(check, out var faults)) _faults[check] = faults = [];
        faults.Add(what);
        transcript.Note(PeerName.First, $"check {check}: {what}");
    }
}
