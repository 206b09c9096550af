using Venue.Messages;

namespace Venue.Tests.Gateway;

/// <summary>Statistics of 24 hours and what an auction would do, as market data entries.</summary>
public class FiguresTests
{
    private const string All = "267=7|269=4|269=5|269=7|269=8|269=B|269=Q|269=A";
    private const long MinuteNs = 60_000_000_000;

    private CoreHarness _venue = null!;
    private CoreHarness.Peer _one = null!, _two = null!, _watcher = null!;

    [SetUp]
    public void Start()
    {
        _venue = new CoreHarness();
        (_one, _two, _watcher) = (_venue.Connect("CLIENT1").Logon(), _venue.Connect("CLIENT2").Logon(), _venue.Connect("MD1").Logon("141=Y"));
        _watcher.Inbox();
    }

    [TearDown]
    public void Stop() => _venue.Dispose();

    private void Trade(string quantity, string price)
    {
        _one.Order($"s{_one.NextOut}", "sell", quantity, price);
        _two.Order($"b{_two.NextOut}", "buy", quantity, price);
    }

    private void Set(Phase phase)
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
        (c.Instrument, c.Phase) = (_venue.Core.Gateway.Instruments.Find("BTC-USD"u8)!.Id, phase);
        _venue.Core.Publish(slot[..c.Header.Length]);
        _venue.Core.Drain();
    }

    private void Later(long minutes)
    {
        _venue.NowNs += minutes * MinuteNs;
        _venue.Core.NowNs = _venue.NowNs;
    }

    private void Poll()
    {
        _venue.Core.Gateway.Poll(_venue.NowNs);
        _venue.Core.Drain();
    }

    /// <summary>The entries of the last message: type, what became of it, price, quantity, condition.</summary>
    private string Told() => string.Join(' ', _watcher.Inbox().Where(m => m.StartsWith("35=W", StringComparison.Ordinal) || m.StartsWith("35=X", StringComparison.Ordinal)).SelectMany(Entries));

    private static IEnumerable<string> Entries(string message)
    {
        var first = message.StartsWith("35=X", StringComparison.Ordinal) ? "279" : "269";
        var text = "";
        foreach (var field in message.Split('|').Select(f => f.Split('=')).Where(f => f[0] is "279" or "269" or "270" or "271" or "277"))
        {
            if (field[0] == first && text.Length > 0)
            {
                yield return text;
                text = "";
            }
            text += field[0] switch { "279" => field[1] switch { "0" => "+", "1" => "~", _ => "-" }, "270" => "@" + field[1], "271" => "x" + field[1], "277" => "!" + field[1], _ => field[1] };
        }
        if (text.Length > 0) yield return text;
    }

    private void Watch(string types = All, string more = "") => _watcher.Send($"35=V|262=w|263=1|264=0|265=1{more}|{types}|146=1|55=BTC-USD");

    [Test]
    public void A_days_trades_are_told_as_they_change_it_and_fall_out_of_it()
    {
        Trade("1", "50000");
        Later(60);
        Trade("2", "50500");
        Watch();
        Assert.That(Told(), Is.EqualTo("4@50000.00 5@50500.00 7@50500.00 8@50000.00 Bx3.00000"));
        Trade("0.5", "49900");
        Assert.That(Told(), Is.EqualTo("~5@49900.00 ~8@49900.00 ~Bx3.50000"));
        Trade("0.5", "49900");
        Assert.That(Told(), Is.EqualTo("~Bx4.00000"));

        _watcher.Drop();
        Later(23 * 60 - 1);
        var back = _watcher = _venue.Connect("MD1").Logon("141=Y");
        back.Inbox();
        Watch();
        Assert.That(Told(), Does.StartWith("4@50000.00 "), "23 hours and 59 minutes after the first");
        Later(1);
        Poll();
        _venue.Core.Gateway.EndTurn(_venue.NowNs);
        Assert.That(Told(), Is.EqualTo("~4@50500.00 ~Bx3.00000"));
        for (var i = 0; i < 60; i++)
        {
            Later(1);
            _watcher.Send("35=0");   // who is silent is logged out
            Poll();
        }
        Assert.That(Told(), Is.EqualTo("-4 -5 -7 -8 -B"));
    }

    [Test]
    public void Only_what_was_asked_for_is_told()
    {
        Watch("267=1|269=8");
        Trade("1", "50000");
        Trade("1", "50100");
        Trade("1", "49900");
        Assert.That(Told(), Is.EqualTo("+8@50000.00 ~8@49900.00"));
    }

    [Test]
    public void An_auctions_price_is_told_until_it_is_over()
    {
        Set(Phase.PreOpen);
        Watch("267=2|269=Q|269=A");
        Assert.That(Told(), Is.Empty);
        _one.Order("a", "sell", "1", "50000");
        _two.Order("b", "buy", "3", "50000");
        Assert.That(Told(), Is.EqualTo("+Q@50000.00x1.00000 +Ax2.00000!P"));
        _one.Order("c", "sell", "5", "50000");
        Later(1);
        _one.Send("35=H|11=c|55=BTC-USD|54=2|60=now");
        Assert.That(Told(), Is.EqualTo("~Q@50000.00x3.00000 ~Ax3.00000!Q"));
        Set(Phase.Continuous);
        Assert.That(Told(), Is.EqualTo("-Q -A"));
    }

    [Test]
    public void Statistics_survive_a_restart()
    {
        Trade("1", "50000");
        Trade("2", "50500");
        _venue.Restart();
        _watcher = _venue.Connect("MD1").Logon("141=Y");
        _watcher.Inbox();
        Watch();
        Assert.That(Told(), Is.EqualTo("4@50000.00 5@50500.00 7@50500.00 8@50000.00 Bx3.00000"));
    }
}
