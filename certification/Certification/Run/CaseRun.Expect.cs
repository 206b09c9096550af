namespace Certification;

/// <content>What must come and what must not.</content>
internal sealed partial class CaseRun
{
    /// <summary>The place of the pattern that the next message fits; binds its variables.</summary>
    private int OnExpect(Statement step, Peer peer, IReadOnlyList<Pattern> patterns)
    {
        var within = step is Expect one ? one.Within : ((Expect)((Either)step).Branches[0][0]).Within;
        var expected = string.Join(" or ", patterns.Select(p => Describe(p, peer)));
        var message = Next(step.Place, peer, patterns, within, expected);
        for (var i = 0; i < patterns.Count; i++)
        {
            if (Faults(patterns[i], message, peer).Count > 0) continue;
            Bind(patterns[i], message);
            Held(step.Place, expected, message.ToString());
            return i;
        }
        throw Failed(step.Place, expected, $"{string.Join("; ", patterns.SelectMany(p => Faults(p, message, peer)))}: {message}");
    }

    private void OnAnyOrder(AnyOrder step, Peer peer)
    {
        var left = step.Expected.ToList();
        while (left.Count > 0)
        {
            var expected = string.Join(" and ", left.Select(e => Describe(e.Pattern, peer)));
            var message = Next(step.Place, peer, [.. left.Select(e => e.Pattern)], left.MaxBy(e => Time(e.Within, peer))!.Within, expected);
            var fits = left.Find(e => Faults(e.Pattern, message, peer).Count == 0)
                ?? throw Failed(step.Place, expected, $"none of them: {message}");
            Bind(fits.Pattern, message);
            Held(fits.Place, Describe(fits.Pattern, peer), message.ToString());
            left.Remove(fits);
        }
    }

    private void OnExpectDisconnect(ExpectDisconnect step, Peer peer)
    {
        // What came before the end is looked at too: only a Logout may say why.
        if (!PumpUntil(() => !peer.IsConnected, Time(step.Within, peer) + TakePatience())) throw Failed(step.Place, "the connection to be closed", "it is open");
        if (peer.Unread.FirstOrDefault(m => !IsBackground(m) && m.Type != "5") is { } message) throw Failed(step.Place, "the connection to be closed", $"before that came {message}");
        peer.Unread.Clear();
        Held(step.Place, "the connection to be closed", "closed");
    }

    private void OnForbid(Forbid step, Peer peer)
    {
        var expected = $"no {Describe(step.Pattern, peer)} for {step.For}";
        FixMessage? found = null;
        PumpUntil(() => (found = peer.Unread.FirstOrDefault(m => Faults(step.Pattern, m, peer).Count == 0)) is not null, Time(step.For, peer));
        if (found is not null) throw Failed(step.Place, expected, found.ToString());
        Held(step.Place, expected, "none");
    }

    private void ExpectNothingLeft()
    {
        Pump();
        foreach (var peer in _peers)
            if (peer.Unread.FirstOrDefault(m => !IsBackground(m)) is { } message)
                throw new StepException($"a message that the case does not have: {message}", Verdict.Fail);
    }

    /// <summary>The next message that counts: one of the background only when it is asked for.</summary>
    private FixMessage Next(Place place, Peer peer, IReadOnlyList<Pattern> patterns, Duration within, string expected)
    {
        FixMessage? next = null;
        var fits = () =>
        {
            while (next is null && peer.Unread.TryDequeue(out var message))
                if (!IsBackground(message) || patterns.Any(p => Faults(p, message, peer).Count == 0)) next = message;
            return next is not null || !peer.IsConnected;
        };
        PumpUntil(fits, Time(within, peer) + TakePatience());
        if (next is not null) return next;
        throw Failed(place, expected, _counterparty.Error() ?? (peer.IsConnected ? $"nothing within {within}" : "the connection is closed"));
    }

    private IReadOnlyList<string> Faults(Pattern pattern, FixMessage message, Peer peer) => pattern.Faults(message, _words, value => Text(value, peer));

    private void Bind(Pattern pattern, FixMessage message)
    {
        foreach (var condition in pattern.Conditions)
            if (condition is { How: Comparison.Bind, Variable: { } name }) _variables[name] = message.Find(condition.Tag)!;
    }

    /// <summary>Heartbeats and TestRequests come when they like.</summary>
    private static bool IsBackground(FixMessage message) => message.Type is "0" or "1";

    private string Describe(Pattern pattern, Peer peer) => string.Join(' ', pattern.Conditions.Select(c =>
    {
        var name = _words.Name(c.Tag);
        var value = c.Value is { } template ? _words.Describe(c.Tag, Text(template, peer)) : "";
        return c.How switch
        {
            Comparison.Equal => $"{name}={value}",
            Comparison.NotEqual => $"{name}!={value}",
            Comparison.Contains => $"{name}~{value}",
            Comparison.Less => $"{name}<{value}",
            Comparison.AtMost => $"{name}<={value}",
            Comparison.Greater => $"{name}>{value}",
            Comparison.AtLeast => $"{name}>={value}",
            Comparison.Absent => $"!{name}",
            Comparison.Present => $"{name}=*",
            _ => $"{name}=?{c.Variable}",
        };
    }).Prepend(_words.MessageName(pattern.MsgType)));

    /// <summary>A case that ended early must not leave its orders to the next one.</summary>
    private void CancelWhatIsOpen()
    {
        foreach (var peer in _peers)
        {
            var open = peer.Hygiene.OpenOrders.ToArray();
            if (open.Length == 0) continue;
            try
            {
                if (!peer.IsConnected && _counterparty.Connect(TimeSpan.FromSeconds(5), Pump) is { } socket)
                {
                    peer.Use(socket);
                    peer.Send("A", [(98, "0"), (108, "30"), (141, "Y")], _words.IsHeader);
                }
                foreach (var order in open)
                    peer.Send("F", [(11, $"{order.Find(11)}-end"), (41, order.Find(11)!), (54, order.Find(54)!), (55, order.Find(55)!), (60, MessageText.Time(DateTime.UtcNow))], _words.IsHeader);
                PumpUntil(() => !peer.Hygiene.OpenOrders.Any(), TimeSpan.FromSeconds(3));
            }
            catch (StepException e)
            {
                _transcript.Note(peer.Name, $"{open.Length} orders of this case may be open still: {e.Message}");
            }
        }
    }
}
