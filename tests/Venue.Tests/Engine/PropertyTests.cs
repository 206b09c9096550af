using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Random commands: the engine must say, byte for byte, what the naive venue says.</summary>
internal sealed class PropertyTests
{
    private static readonly EngineCapacity Roomy = new() { Orders = 1 << 14, ClOrdIDs = 1 << 15, LevelPages = 1 << 12 };

    /// <summary>So tight that slots, ClOrdIDs and level pages run out all the time.</summary>
    private static readonly EngineCapacity Tight = new() { Orders = 60, ClOrdIDs = 70, LevelPages = 12 };

    [TestCase(1UL), TestCase(2UL), TestCase(3UL), TestCase(4UL)]
    public void Same_events_as_the_naive_venue(ulong seed) => Compare(seed, 150_000, Roomy, isRich: true, checkEach: 10_000);

    [TestCase(11UL), TestCase(12UL), TestCase(13UL)]
    public void Same_events_when_firms_are_poor(ulong seed) => Compare(seed, 80_000, Roomy, isRich: false, checkEach: 10_000);

    [TestCase(21UL), TestCase(22UL), TestCase(23UL)]
    public void Same_events_when_the_venue_is_full(ulong seed) => Compare(seed, 50_000, Tight, isRich: true, checkEach: 1000);

    [TestCase(31UL), TestCase(32UL)]
    public void Invariants_hold_after_every_command(ulong seed) => Compare(seed, 10_000, Roomy, isRich: seed % 2 == 0, checkEach: 1);

    [TestCase(41UL), TestCase(42UL), TestCase(43UL)]
    public void Same_events_with_terms_phases_and_bands(ulong seed) => Compare(seed, 40_000, Roomy, isRich: true, checkEach: 100, isSpecial: true);

    [TestCase(51UL), TestCase(52UL)]
    public void Same_events_with_terms_when_firms_are_poor(ulong seed) => Compare(seed, 30_000, Roomy, isRich: false, checkEach: 100, isSpecial: true);

    [TestCase(61UL), TestCase(62UL)]
    public void Same_events_with_terms_when_the_venue_is_full(ulong seed) => Compare(seed, 30_000, Tight, isRich: true, checkEach: 100, isSpecial: true);

    [TestCase(71UL), TestCase(72UL)]
    public void Invariants_hold_with_terms_after_every_command(ulong seed) => Compare(seed, 6_000, Roomy, isRich: seed % 2 == 0, checkEach: 1, isSpecial: true);

    [TestCase(81UL, false), TestCase(84UL, true)]
    public void Same_events_under_many_limits(ulong seed, bool isSpecial)
    {
        var seen = Compare(seed, 20_000, Roomy, isRich: true, checkEach: 20, isSpecial, isLimited: true);
        for (var reason = Reason.NotionalTooSmall; reason <= Reason.PositionLimit; reason++)
            Assert.That(seen.Keys.Any(key => key.EndsWith($" {reason}", StringComparison.Ordinal)), Is.True, $"{reason} never happened");
    }

    [TestCase(91UL, true), TestCase(92UL, false)]
    public void Same_events_with_quotes(ulong seed, bool isRich)
    {
        var seen = Compare(seed, 40_000, Roomy, isRich, checkEach: 50, isQuoting: true);
        SeeQuotes(seen);
        foreach (var what in new[] { "RequestEnded Declined", "OfferEnded Declined", "OfferEnded LookPrice", "OfferEnded LookValidity", "OfferEnded LookTimedOut", "OfferEnded LookPending", "PendingNew None", "Rejected LookPrice", "Rejected LookValidity", "Rejected LookTimedOut", "Rejected LookPending", "OfferHit" })
            Assert.That(seen.Keys, Has.Member(what), "never happened");
    }

    [TestCase(93UL), TestCase(94UL)]
    public void Same_events_with_quotes_among_terms_phases_and_limits(ulong seed) =>
        SeeQuotes(Compare(seed, 25_000, Roomy, isRich: true, checkEach: 20, isSpecial: true, isLimited: seed % 2 == 0, isQuoting: true));

    [TestCase(95UL)]
    public void Same_events_with_quotes_when_the_venue_is_full(ulong seed) => Compare(seed, 20_000, Tight, isRich: true, checkEach: 20, isQuoting: true);

    private static void SeeQuotes(SortedDictionary<string, int> seen)
    {
        foreach (var what in new[] { "QuoteReport None", "QuoteReport QuoteCrossed", "QuoteReport Protected", "QuoteReport QuoteTooYoung", "QuoteReport NotAuthorized", "QuotesCanceled None", "QuotesCanceled UnknownQuote", "QuotesCanceled QuoteTooYoung", "QuoteStatusReport None", "QuoteStatusReport UnknownQuote", "ProtectionTripped", "RequestEnded Expired", "RequestEnded ClientRequest", "RequestEnded NoProvider", "OfferEnded Expired", "OfferEnded Unfilled", "QuoteRequested", "QuoteOffered", "Rejected UnknownQuote", "Canceled Protection", "Expired Expired" })
            Assert.That(seen.Keys, Has.Member(what), "never happened");
    }

    [Test]
    public void Same_events_with_margin_accounts()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 91UL; seed < 97; seed++) seen.UnionWith(Compare(seed, 25_000, Roomy, isRich: false, checkEach: 50, isSpecial: seed % 2 == 0, isMargin: true).Keys);
        foreach (var what in new[]
        {
            "Rejected MarginExceeded", "Rejected MarginLiquidating", "ReplaceReject MarginExceeded", "CancelReject MarginLiquidating", "Canceled MarginCanceled", "New Liquidation", "Margin MarginCall", "Margin Liquidating",
            "Margin Bankrupt", "Margin Stranded", "Margin Healthy", "Margin None", "Interest", "TakenOver", "HoldWithdrawal MarginExceeded",
        }) Assert.That(seen, Has.Member(what), "never happened");
    }

    /// <summary>VENUE_PROPERTY_COMMANDS says how many; VENUE_PROPERTY_SEED where to start.</summary>
    [Test, Explicit("Runs for as long as it is told to.")]
    public void Same_events_in_a_long_run()
    {
        var commands = long.Parse(Environment.GetEnvironmentVariable("VENUE_PROPERTY_COMMANDS") ?? "20000000", CultureInfo.InvariantCulture);
        var seed = ulong.Parse(Environment.GetEnvironmentVariable("VENUE_PROPERTY_SEED") ?? "1000", CultureInfo.InvariantCulture);
        const int round = 500_000;
        var (done, started) = (0L, Stopwatch.GetTimestamp());
        for (; done < commands; done += round, seed++)
        {
            var count = (int)Math.Min(commands - done, round);
            // Every mix meets every other one: the moduli have no common factor.
            Compare(seed, count, seed % 3 == 0 ? Tight : Roomy, isRich: seed % 2 == 0, checkEach: 5000, isSpecial: seed % 5 < 3, isLimited: seed % 11 < 3, isMargin: seed % 7 < 2, isQuoting: seed % 13 < 4);
            TestContext.Progress.WriteLine($"{(done + count) / 1e6:F1} million commands agree, seed {seed} was the last, {(done + count) / Stopwatch.GetElapsedTime(started).TotalMinutes / 1e6:F1} million a minute");
        }
    }

    [Test]
    public void Same_commands_give_the_same_bytes_and_the_same_state()
    {
        var (firstLog, secondLog, otherLog) = (new EventLog(), new EventLog(), new EventLog());
        var first = new VenueEngine<Recorder>(Roomy, firstLog.Recorder);
        var second = new VenueEngine<Recorder>(Roomy, secondLog.Recorder);
        // Another hash key moves every ClOrdID in its table, which nobody may see.
        var other = new VenueEngine<Recorder>(Roomy with { HashKey = 0x0123456789ABCDEF }, otherLog.Recorder);
        var (firstCommands, secondCommands, otherCommands) = (new RandomCommands(77, true), new RandomCommands(77, true), new RandomCommands(77, true));
        var hashes = new HashSet<ulong>();
        for (var i = 0; i < 20_000; i++)
        {
            first.Apply(firstCommands.Next());
            second.Apply(secondCommands.Next());
            other.Apply(otherCommands.Next());
            if (i % 500 != 0) continue;
            Assert.That(second.StateHash(), Is.EqualTo(first.StateHash()));
            hashes.Add(first.StateHash());
        }
        Assert.That(firstLog.Bytes.SequenceEqual(secondLog.Bytes), Is.True);
        Assert.That(firstLog.Bytes.SequenceEqual(otherLog.Bytes), Is.True);
        Assert.That(hashes, Has.Count.EqualTo(40), "the hash changes with the state");
    }

    /// <summary>Each command as far ahead as it should be, some a second time just before they are applied; and bytes that are no command.</summary>
    [TestCase(true), TestCase(false)]
    public void Hints_change_no_event_and_no_state(bool isRoomy)
    {
        var capacity = isRoomy ? Roomy : Tight;
        var (plainLog, hintedLog) = (new EventLog(), new EventLog());
        var plain = new VenueEngine<Recorder>(capacity, plainLog.Recorder);
        var hinted = new VenueEngine<Recorder>(capacity, hintedLog.Recorder);
        var random = new RandomCommands(78, true);
        var coming = new Queue<byte[]>();
        for (var i = 0; i < 20_000; i++)
        {
            coming.Enqueue(random.Next().ToArray());
            hinted.Prefetch(coming.Last());
            if (i % 3 == 0) hinted.Prefetch(coming.Peek());
            if (i % 100 == 0) hinted.Prefetch(coming.Peek().AsSpan(1));
            if (coming.Count <= VenueEngine<Recorder>.HintsAhead) continue;
            var command = coming.Dequeue();
            plain.Apply(command);
            hinted.Apply(command);
            if (i % 1000 == 0) Assert.That(hinted.StateHash(), Is.EqualTo(plain.StateHash()));
        }
        Assert.That(hintedLog.Bytes.SequenceEqual(plainLog.Bytes), Is.True);
        Assert.That(plain.Trades, Is.GreaterThan(300), "the commands do trade");
    }

    private static SortedDictionary<string, int> Compare(ulong seed, int count, EngineCapacity capacity, bool isRich, int checkEach, bool isSpecial = false, bool isLimited = false, bool isMargin = false, bool isQuoting = false)
    {
        var (fastLog, naiveLog) = (new EventLog(), new EventLog());
        var reach = seed % 4 == 1 ? 2 : 16_384;
        var fast = new VenueEngine<Recorder>(capacity, fastLog.Recorder) { Reach = reach };
        var naive = new NaiveVenue(capacity, naiveLog, reach);
        var commands = new RandomCommands(seed, isRich, isSpecial, isLimited, isMargin, isQuoting: isQuoting);
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var command = commands.Next();
            fastLog.Clear();
            naiveLog.Clear();
            fast.Apply(command);
            naive.Apply(command);
            if (!fastLog.Bytes.SequenceEqual(naiveLog.Bytes)) Fail(seed, i, fastLog, naiveLog);
            Tally(fastLog.Bytes, commands, seen);
            if (i % checkEach != 0 && i != count - 1) continue;
            fast.CheckInvariants();
            foreach (var ((firm, asset), expected) in naive.Balances)
            {
                var (available, held) = fast.Balance(firm, asset);
                var actual = new NaiveBalance(available.Atoms, held.Atoms, fast.Withdrawing(firm, asset).Atoms);
                Assert.That(actual, Is.EqualTo(expected), $"seed {seed} command {i}: firm {firm} asset {asset}");
            }
            foreach (var ((firm, instrument), expected) in naive.Positions)
            {
                var (lots, cost, realised) = fast.Position(firm, instrument);
                Assert.That(new NaivePosition(lots, cost, realised.Atoms), Is.EqualTo(expected), $"seed {seed} command {i}: firm {firm} instrument {instrument}");
            }
            foreach (var (session, expected) in naive.RequestCounts)
            {
                var (counts, looks) = (fast.Requests(session)!.Value, fast.Requests(session)!.Value.Looks);
                Assert.That((counts.Asked, counts.Answered, counts.Missed, counts.Declined, counts.Taken, counts.Gone),
                    Is.EqualTo((expected.Asked, expected.Answered, expected.Missed, expected.Declined, expected.Taken, expected.Gone)), $"seed {seed} command {i}: session {session}");
                Assert.That((looks.Held, looks.Accepted, looks.RefusedPrice, looks.RefusedValidity, looks.TimedOut, looks.Ended),
                    Is.EqualTo((expected.Held, expected.Accepted, expected.RefusedPrice, expected.RefusedValidity, expected.TimedOut, expected.Ended)), $"seed {seed} command {i}: session {session}");
                Assert.That((looks.HoldMeanNs, looks.HoldMaxNs, looks.Times.At(500), looks.Times.At(990)),
                    Is.EqualTo((expected.Mean, expected.Longest, expected.At(500), expected.At(990))), $"seed {seed} command {i}: session {session}");
            }
            Assert.That((fast.OpenOrders, fast.HasMarginWork), Is.EqualTo((naive.OpenOrders, naive.HasMarginWork)));
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        TestContext.Out.WriteLine($"seed {seed}: {count} commands, {fast.Trades} trades, {fast.OpenOrders} open, {count / seconds * 60:N0} commands a minute");
        TestContext.Out.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.That(fast.Trades, Is.GreaterThan(count / 200), "the commands do trade");
        if (isSpecial && count >= 30_000 && capacity != Tight)
            foreach (var what in new[] { "Triggered None", "Restated SelfTrade", "MatchPrevented", "PhaseChanged", "Indicative" }) Assert.That(seen.Keys, Has.Member(what), "never happened");
        if (count < 30_000 || isQuoting || isMargin) return seen;
        foreach (var reason in Enum.GetValues<Reason>().Where(reason => IsToBeSeen(reason, isRich, isSpecial, capacity)))
            Assert.That(seen.Keys.Any(key => key.EndsWith($" {reason}", StringComparison.Ordinal)), Is.True, $"{reason} never happened");
        if (isSpecial) return seen;
        foreach (var what in new[] { "Rejected Killed", "Canceled Killed", "Killed", "WithdrawalHeld", "WithdrawalSettled", "WithdrawalReleased", "Canceled Disconnected", "MassCancelReport None", "MassStatusReport more", "MassStatusReport last", "MassStatusReport UnknownOrder" })
            Assert.That(seen.Keys, Has.Member(what), "never happened");
        return seen;
    }

    /// <summary>What is too rare for so few commands, or needs a set-up, has tests of its own.</summary>
    private static bool IsToBeSeen(Reason reason, bool isRich, bool isSpecial, EngineCapacity capacity) => reason switch
    {
        Reason.None or Reason.TooManyRequests or Reason.TooManyFollow or Reason.ExpireTimePassed or Reason.Uncovered => false,
        Reason.MarginExceeded or Reason.MarginLiquidating or Reason.MarginCanceled or Reason.Liquidation => false,
        Reason.NotionalTooSmall or Reason.TooManyOrders or Reason.RepeatedOrder or Reason.PositionLimit => false,
        >= Reason.LookPrice and <= Reason.TooManyQuotes or Reason.Protection => false,
        Reason.VenueFull => capacity == Tight,
        Reason.InsufficientBalance => !isRich,
        >= Reason.Phase and <= Reason.UnknownLink or >= Reason.SelfTrade and <= Reason.Linked => isSpecial && capacity != Tight,
        _ => !isSpecial,
    };

    private static void Tally(ReadOnlySpan<byte> events, RandomCommands commands, SortedDictionary<string, int> seen)
    {
        for (int length; events.Length > 0; events = events[length..])
        {
            var header = MemoryMarshal.Read<EventHeader>(events);
            length = header.Length;
            var what = header.Type.ToString();
            commands.Note(events);
            if (header.Type == EventType.ExecReport)
            {
                var e = MemoryMarshal.Read<ExecReport>(events);
                if (e.ExecType != ExecType.OrderStatus && e.OrderID != 0) commands.Note(in e);
                what = $"{e.ExecType} {e.Reason}";
            }
            else if (header.Type == EventType.MarginChanged) what = $"Margin {MemoryMarshal.Read<MarginChanged>(events).State}";
            else if (header.Type == EventType.MarginTransferred) what = MemoryMarshal.Read<MarginTransferred>(events).IsInterest == 1 ? "Interest" : "TakenOver";
            else if (header.Type == EventType.CancelReject)
            {
                var e = MemoryMarshal.Read<CancelReject>(events);
                what = $"{e.ResponseTo}Reject {e.Reason}";
            }
            else if (header.Type == EventType.Refused)
            {
                var e = MemoryMarshal.Read<Refused>(events);
                what = $"{e.CommandType} {e.Reason}";
            }
            else if (header.Type == EventType.MassCancelReport)
            {
                var e = MemoryMarshal.Read<MassCancelReport>(events);
                what = $"MassCancelReport {e.Reason}";
            }
            else if (header.Type == EventType.MassStatusReport)
            {
                var e = MemoryMarshal.Read<MassStatusReport>(events);
                what = $"MassStatusReport {(e.Report.OrderID != 0 ? e.IsLast != 0 ? "last" : "more" : e.Report.Reason)}";
            }
            else what = Quotes(events, header) ?? what;
            seen[what] = seen.GetValueOrDefault(what) + 1;
        }
    }

    private static string? Quotes(ReadOnlySpan<byte> events, in EventHeader header) => header.Type switch
    {
        EventType.QuoteReport => $"QuoteReport {MemoryMarshal.Read<QuoteReport>(events).Reason}",
        EventType.QuotesCanceled => $"QuotesCanceled {MemoryMarshal.Read<QuotesCanceled>(events).Reason}",
        EventType.QuoteStatusReport => $"QuoteStatusReport {MemoryMarshal.Read<QuoteStatusReport>(events).Reason}",
        EventType.RequestEnded => $"RequestEnded {MemoryMarshal.Read<RequestEnded>(events).Reason}",
        EventType.OfferEnded => $"OfferEnded {MemoryMarshal.Read<OfferEnded>(events).Reason}",
        _ => null,
    };

    private static void Fail(ulong seed, int at, EventLog fast, EventLog naive) => Assert.Fail(
        $"seed {seed} command {at}\nengine:\n  {string.Join("\n  ", EventText.Lines(fast.Bytes.ToArray(), s => $"session {s}"))}\n"
        + $"naive:\n  {string.Join("\n  ", EventText.Lines(naive.Bytes.ToArray(), s => $"session {s}"))}");
}
