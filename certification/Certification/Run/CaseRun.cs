using System.Globalization;

namespace Certification;

/// <summary>Plays one script against the other side and judges it.</summary>
internal sealed partial class CaseRun : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Case _case;
    private readonly Role _role;
    private readonly Vocabulary _words;
    private readonly ICounterparty _counterparty;
    private readonly Transcript _transcript;
    private readonly Peer[] _peers;
    private readonly Dictionary<string, string> _variables;
    private readonly List<Step> _steps = [];
    private readonly DateTime _startedUtc = DateTime.UtcNow;
    private TimeSpan _patience;   // what a person needs for the hint that was given last

    /// <summary>Ready to play.</summary>
    public CaseRun(Case @case, Role role, Vocabulary words, ICounterparty counterparty, IReadOnlyDictionary<string, string> set, SessionNumbers numbers)
    {
        _case = @case;
        _role = role;
        _words = words;
        _counterparty = counterparty;
        _transcript = new Transcript(words);
        _peers = [.. counterparty.Sessions.Select((s, i) => new Peer((PeerName)i, words, _transcript, s.Ours, s.Theirs, numbers))];
        _variables = new Dictionary<string, string>(@case.Defaults);
        foreach (var (name, value) in set)
            if (_variables.ContainsKey(name)) _variables[name] = value;
        // Names of orders must be new to a venue that remembers all earlier runs.
        _variables["run"] = Convert.ToHexString(Guid.NewGuid().ToByteArray()[..4]);
    }

    /// <summary>The first session's numbers, for the next case of a client that keeps counting.</summary>
    public SessionNumbers Numbers => new(_peers[0].NextOut, _peers[0].Hygiene.NextIn);

    /// <summary>Plays the script to its end or to its first fault.</summary>
    public CaseResult Play()
    {
        var (verdict, reason) = (Verdict.Pass, "");
        try
        {
            _counterparty.Begin();
            Do(_case.Scripts[_role]);
            ExpectNothingLeft();
        }
        catch (StepException e)
        {
            (verdict, reason) = (e.Verdict, e.Message);
        }
        foreach (var peer in _peers) peer.Hygiene.Finish();
        var observations = _peers.SelectMany(peer => peer.Hygiene.Observations().Select(o => peer.Name == PeerName.First ? o : o with { Check = $"{o.Check} (second)" }))
            .Where(o => !o.Holds || !o.Check.EndsWith("(second)", StringComparison.Ordinal)).ToArray();
        if (verdict == Verdict.Pass && observations.FirstOrDefault(o => !o.Holds) is { } fault) (verdict, reason) = (Verdict.Fail, $"check {fault.Check}: {fault.Detail}");
        if (verdict != Verdict.Pass && _role == Role.Venue) CancelWhatIsOpen();
        return new CaseResult(_case, _role, verdict, reason, _startedUtc, _transcript.Elapsed, _steps, observations, _transcript.Entries);
    }

    public void Dispose()
    {
        foreach (var peer in _peers) peer.Dispose();
        _counterparty.End();
    }

    private void Do(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements)
        {
            try
            {
                Do(statement);
            }
            catch (StepException e) when (statement.Given && e.Verdict == Verdict.Fail)
            {
                throw new StepException(e.Message, Verdict.Inconclusive);
            }
        }
    }

    private void Do(Statement statement)
    {
        if ((int)statement.Peer >= _peers.Length) throw new StepException("this case needs a second session: --second", Verdict.Inconclusive);
        var peer = _peers[(int)statement.Peer];
        switch (statement)
        {
            case Connect s: OnConnect(s, peer); break;
            case Send s: peer.Send(s.MsgType, [.. s.Fields.Select(f => (f.Tag, Text(f.Value, peer)))], _words.IsHeader); break;
            case SendRaw s: peer.SendRaw(System.Text.Encoding.Latin1.GetBytes(Text(s.Bytes, peer).Replace('|', '\u0001'))); break;
            case Resend s: peer.Resend(Number(s.From, peer), Number(s.To, peer), _words.IsHeader); break;
            case Expect s: OnExpect(s, peer, [s.Pattern]); break;
            case ExpectDisconnect s: OnExpectDisconnect(s, peer); break;
            case Forbid s: OnForbid(s, peer); break;
            case AnyOrder s: OnAnyOrder(s, peer); break;
            case Either s: Do(s.Branches[OnExpect(s, peer, [.. s.Branches.Select(b => ((Expect)b[0]).Pattern)])].Skip(1).ToArray()); break;
            case Repeat s: OnRepeat(s, peer); break;
            case Let s: _variables[s.Variable] = Text(s.Value, peer); break;
            case Hint s: OnHint(s, peer); break;
            case Drop: peer.Close("the script drops the connection"); break;
            case Mute s: peer.Muted = s.On; break;
            case Skip s: peer.Skip(s.Count); break;
            case Corrupt s: peer.Corrupt(s.Damage); break;
            case Wait s: PumpUntil(() => false, Time(s.For, peer)); break;
            default: throw new InvalidOperationException($"no way to do {statement}");
        }
    }

    private void OnConnect(Connect step, Peer peer)
    {
        var socket = _counterparty.Connect(Time(step.Within, peer) + TakePatience(), Pump);
        if (socket is null) throw Failed(step.Place, "a connection", _counterparty.Error() ?? "none in time");
        peer.Use(socket);
        Held(step.Place, "a connection", "connected");
    }

    private void OnHint(Hint step, Peer peer)
    {
        var (text, command) = (Text(step.Text, peer), step.Command is { } c ? Text(c, peer) : null);
        _transcript.Note(peer.Name, command is null ? $"hint: {text}" : $"hint: {text} [{command}]");
        _patience = _counterparty.Ask(text, command);
    }

    private void OnRepeat(Repeat step, Peer peer)
    {
        for (int i = 1, count = Number(step.Count, peer); i <= count; i++)
        {
            _variables[step.Variable] = i.ToString(CultureInfo.InvariantCulture);
            Do(step.Body);
            Pump();
        }
    }

    /// <summary>Pumps until it holds or the time is over; true when it holds.</summary>
    private bool PumpUntil(Func<bool> holds, TimeSpan timeout)
    {
        var deadline = _transcript.Elapsed + timeout;
        while (true)
        {
            Pump();
            if (holds()) return true;
            if (_transcript.Elapsed >= deadline) return false;
            Thread.Sleep(Tick);
        }
    }

    private void Pump()
    {
        foreach (var peer in _peers) peer.Pump(_words.IsHeader);
    }

    private TimeSpan TakePatience()
    {
        var patience = _patience;
        _patience = TimeSpan.Zero;
        return patience;
    }

    private static TimeSpan Time(Duration duration, Peer peer) => duration.OfHeartbeat
        ? peer.Hygiene.Heartbeat * (duration.Thousandths / 1000.0)
        : TimeSpan.FromMilliseconds(duration.Thousandths);

    private string Text(Template template, Peer peer)
    {
        try
        {
            return template.With(name => name switch
            {
                "session" => _counterparty.Sessions[(int)peer.Name].Ours,
                "target" => _counterparty.Sessions[(int)peer.Name].Theirs,
                "out" => peer.NextOut.ToString(CultureInfo.InvariantCulture),
                "in" => peer.Hygiene.NextIn.ToString(CultureInfo.InvariantCulture),
                "now" => MessageText.Time(DateTime.UtcNow),
                _ => _variables.TryGetValue(name, out var value) ? value : throw new StepException($"${name} has no value", Verdict.Inconclusive),
            });
        }
        catch (FormatException e)
        {
            throw new StepException(e.Message, Verdict.Inconclusive);
        }
    }

    private int Number(Template template, Peer peer) =>
        int.TryParse(Text(template, peer), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new StepException($"'{Text(template, peer)}' is not a whole number", Verdict.Inconclusive);

    private void Held(Place place, string expected, string actual) => _steps.Add(new Step(place, _transcript.Elapsed, true, expected, actual));

    private StepException Failed(Place place, string expected, string actual)
    {
        _steps.Add(new Step(place, _transcript.Elapsed, false, expected, actual));
        return new StepException($"{place}: expected {expected}; actual: {actual}", Verdict.Fail);
    }
}
