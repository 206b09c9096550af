using System.Globalization;

namespace EndToEnd;

/// <summary>The venue is killed at full load, again and again, on one journal.</summary>
[Category("EndToEnd")]
public sealed class KillTests
{
    private static readonly string[] CompIDs = ["CLIENT1", "CLIENT2", "CLIENT3", "CLIENT4"];

    /// <summary>Kills of one journal; every start and every replay folds it from its beginning.</summary>
    private const int RoundsPerVenue = 5;

    [Test]
    public void Nothing_acknowledged_is_lost_and_nothing_happens_twice()
    {
        var venues = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 10 : 1;
        var seed = Environment.GetEnvironmentVariable("VENUE_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        TestContext.Progress.WriteLine($"VENUE_SEED={seed} gives the same orders and moments again, as far as threads allow");
        var random = new Random(seed);
        for (var i = 0; i < venues; i++) KillAgainAndAgain(random);
    }

    private static void KillAgainAndAgain(Random random)
    {
        var tape = new Tape();
        var sessions = CompIDs.Select(compID => new LoadSession(compID, tape, new Random(random.Next()))).ToArray();
        using var venue = new VenueProcess();
        try
        {
            for (var round = 1; round <= RoundsPerVenue; round++)
            {
                Round(venue, sessions, tape, random, round % 2 == 0 ? Durability.Fsync : Durability.Async);
                TestContext.Progress.WriteLine($"round {round}: sent {sessions.Sum(s => s.OrdersSent)}, acknowledged {sessions.Sum(s => s.OrdersAcknowledged)}, "
                    + $"messages by resend {sessions.Sum(s => s.Recovered)}, trades so far {tape.Trades}");
            }
        }
        catch
        {
            TestContext.Out.WriteLine(venue.Transcript());
            throw;
        }
        Assert.That(tape.Trades, Is.Positive, "there was something to lose");
    }

    private static void Round(VenueProcess venue, LoadSession[] sessions, Tape tape, Random random, Durability durability)
    {
        venue.Start(durability);
        RecoverAll(venue, sessions);
        foreach (var session in sessions) session.NewRound();

        var trading = Start(sessions, session => session.Trade());
        Thread.Sleep(random.Next(100, 1000));
        sessions[random.Next(sessions.Length)].HangUp();   // the others go on trading with what it leaves in the books
        Thread.Sleep(random.Next(0, 500));
        venue.Kill();
        Finish(trading);
        foreach (var session in sessions) session.NoteAcknowledged();
        Assert.That(sessions.Sum(session => session.OrdersAcknowledged), Is.Positive, "orders acknowledged before the kill");

        // And once more, while the sessions are getting back what they missed.
        Restart(venue, durability);
        var recovering = Start(sessions, session => session.Recover(venue.Port));
        Thread.Sleep(random.Next(0, 100));
        venue.Kill();
        Finish(recovering);

        Restart(venue, durability);
        RecoverAll(venue, sessions);
        tape.ExpectBothSides();
        Finish(Start(sessions, session => session.Audit()));
        Finish(Start(sessions, session => session.Leave()));
        var last = venue.Stop();
        Assert.That(venue.Replay(), Is.EqualTo(last), "the state of the stopped venue and a replay of its journal");
    }

    private static void Restart(VenueProcess venue, Durability durability)
    {
        var folded = venue.Replay();
        venue.Start(durability);
        Assert.That(venue.Recovered, Is.EqualTo(folded), "the start and a replay of the same journal");
    }

    private static void RecoverAll(VenueProcess venue, LoadSession[] sessions) =>
        Finish(Start(sessions, session => Assert.That(session.Recover(venue.Port), "logged on and caught up")));

    /// <summary>One thread for each session.</summary>
    private static Task[] Start(LoadSession[] sessions, Action<LoadSession> action) =>
        [.. sessions.Select(session => Task.Factory.StartNew(() => action(session), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

    /// <summary>Waits for all; throws what the first of them threw.</summary>
    private static void Finish(Task[] tasks) => Task.WhenAll(tasks).GetAwaiter().GetResult();
}
