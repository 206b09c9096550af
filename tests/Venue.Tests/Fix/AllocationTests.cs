using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>The budget of the hot path: no byte allocated for a message, in or out.</summary>
public sealed class AllocationTests
{
    private const int Messages = 10_000;

    [Test]
    public void Nothing_is_allocated_for_a_message_that_comes()
    {
        var handler = new Counter();
        var (session, output) = Active(handler);
        var messages = Enumerable.Range(2, 2 * Messages).Select(number => Wire.From("THEM", "US", Wire.Noon,
            $"35=D|34={number}|11=order{number}|55=BTC-USD|54=1|60=20261122-12:00:00.123|38=1.5|40=2|44=50000.10|59=1|453=1|448=x|447=D|452=1")).ToArray();
        for (var i = 0; i < Messages; i++) session.OnBytes(messages[i], Wire.Noon);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = Messages; i < 2 * Messages; i++) session.OnBytes(messages[i], Wire.Noon + i);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(handler.Count, Is.EqualTo(2 * Messages));
        Assert.That(output.Overflowed, Is.False);
    }

    [Test]
    public void Nothing_is_allocated_for_a_message_that_goes()
    {
        var (session, output) = Active(new Counter());
        for (var i = 0; i < Messages; i++) Report(session, output, i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++) Report(session, output, i);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(session.NextOut, Is.EqualTo(2 + 2 * Messages));
    }

    [Test]
    public void Nothing_is_allocated_for_a_resend()
    {
        var (session, output) = Active(new Counter());
        for (var i = 0; i < Messages; i++) Report(session, output, i);
        var requests = Enumerable.Range(0, 20).Select(i => Wire.From("THEM", "US", Wire.Noon, $"35=2|34={i + 2}|7=1|16=0")).ToArray();
        long before = 0, sent = 0;
        for (var i = 0; i < requests.Length; i++)
        {
            if (i == requests.Length / 2) before = GC.GetAllocatedBytesForCurrentThread();
            session.OnBytes(requests[i], Wire.Noon);
            for (sent = 0; session.IsResending; session.Poll(Wire.Noon))
            {
                sent += output.Count;
                output.Taken(output.Count);
            }
            output.Taken(output.Count);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sent, Is.GreaterThan(Messages * 100));
    }

    private static void Report(Session session, SendBuffer output, int i)
    {
        ref var report = ref session.Begin("8"u8, Wire.Noon + i * 1_000_000L);
        report.Add(37, i);
        report.Add(11, "order"u8);
        report.Add(17, i * 10L);
        report.Add(150, (byte)'F');
        report.AddDecimal(44, 5_000_010 + i, 2);
        report.AddTime(60, Wire.Noon + i);
        session.End(keep: true);
        output.Taken(output.Count);
    }

    private static (Session, SendBuffer) Active(ISessionHandler handler)
    {
        var output = new SendBuffer(1 << 20);
        var store = new MemoryStore(bytes: 16 << 20, messages: 3 * Messages);
        var session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, Wire.Dictionary, store, handler);
        session.Connect(output, Wire.Noon);
        session.OnBytes(Wire.From("THEM", "US", Wire.Noon, "35=A|34=1|98=0|108=300"), Wire.Noon);
        output.Taken(output.Count);
        return (session, output);
    }

    private sealed class Counter : ISessionHandler
    {
        public int Count { get; private set; }

        public void OnLogon(Session session, long nowNs) { }

        public void OnMessage(Session session, in Message message, long nowNs)
        {
            if (message.TryGetDecimal(44, out var price, out _) && price > 0) Count++;
        }

        public void OnLogout(Session session, string reason, long nowNs) { }
    }
}
