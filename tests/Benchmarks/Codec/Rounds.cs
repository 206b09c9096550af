using System.Text;
using Venue.Fix;

namespace Venue.Benchmarks.Codec;

/// <summary>A batch of orders through Session.OnBytes, as they would stand in one receive buffer after the other.</summary>
internal sealed class Inbound : ISessionHandler
{
    private const int Batch = 1_000;   // what a cache holds, as a receive buffer is

    private readonly Session _session;
    private readonly SendBuffer _answers = new(4096);
    private readonly byte[] _logon = Frame("35=A|34=1|49=THEM|52=20261122-12:00:00.000|56=US|98=0|108=300|141=Y|");
    private readonly byte[][] _orders = Enumerable.Range(2, Batch).Select(number => Frame(
        $"35=D|34={number}|49=THEM|52=20261122-12:00:00.123|56=US|11=order-{number:0000000}|1=ACC1|21=1|55=BTC-USD|54=1|60=20261122-12:00:00.123|38=1.5|40=2|44=50000.10|59=1|528=P|")).ToArray();
    private int _priced;

    public Inbound(FixDictionary dictionary)
    {
        _session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, dictionary, new MemoryStore(), this);
        _session.Connect(_answers, Noon);
    }

    /// <summary>2026-11-22 12:00:00.</summary>
    public static long Noon => 1_795_348_800L * 1_000_000_000;

    public int Length => _orders[0].Length;

    public int Round()
    {
        // The first logs on, the others start the numbers over.
        _session.OnBytes(_logon, Noon);
        _answers.Taken(_answers.Count);
        _priced = 0;
        foreach (var order in _orders) _session.OnBytes(order, Noon);
        return _priced == Batch ? Batch : throw new InvalidOperationException($"{_priced} of {Batch} orders came: {_session.CloseReason}");
    }

    public void OnLogon(Session session, long nowNs) { }

    public void OnMessage(Session session, in Message message, long nowNs)
    {
        if (message.TryGetDecimal(44, out _, out _) && message.TryGetDecimal(38, out _, out _) && message.TryGet(11, out _)
            && message.TryGet(55, out _) && message.TryGetChar(54, out _) && message.TryGetChar(40, out _)) _priced++;
    }

    public void OnLogout(Session session, string reason, long nowNs) { }

    public static byte[] Frame(string body)
    {
        var text = $"8=FIX.4.4|9={body.Length}|{body}".Replace('|', '\u0001');
        return Encoding.ASCII.GetBytes($"{text}10={Encoding.ASCII.GetBytes(text).Sum(b => b) % 256:000}\u0001");
    }
}

/// <summary>A batch of execution reports with 25 fields in the body, through Begin and End into the send buffer and a store.</summary>
internal sealed class Outbound : ISessionHandler
{
    private const int Batch = 1_000;   // what a cache holds, as a receive buffer is

    private readonly Session _session;
    private readonly SendBuffer _buffer = new(1 << 16);
    private long _now = Inbound.Noon;

    public Outbound(FixDictionary dictionary)
    {
        _session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, dictionary, new LastOnly(), this);
        _session.Connect(_buffer, _now);
        _session.OnBytes(Inbound.Frame("35=A|34=1|49=THEM|52=20261122-12:00:00.000|56=US|98=0|108=300|"), _now);
        _buffer.Taken(_buffer.Count);
        Report(1);
        Length = _buffer.Count;
    }

    public int Length { get; }

    public int Round()
    {
        for (var i = 0; i < Batch; i++)
        {
            _buffer.Taken(_buffer.Count);
            Report(i);
        }
        return Batch;
    }

    private void Report(int i)
    {
        _now += 100_000;   // ten reports in each millisecond
        ref var report = ref _session.Begin("8"u8, _now);
        report.Add(37, 7_000_000L + i);
        report.Add(527, 9_000_000L + i);
        report.Add(11, "order-0000001"u8);
        report.Add(41, "order-0000000"u8);
        report.Add(17, 123_456_789L + i);
        report.Add(150, (byte)'F');
        report.Add(39, (byte)'1');
        report.Add(1, "ACC1"u8);
        report.Add(55, "BTC-USD"u8);
        report.Add(54, (byte)'1');
        report.AddDecimal(38, 15_000, 4);
        report.Add(40, (byte)'2');
        report.AddDecimal(44, 5_000_010, 2);
        report.Add(59, (byte)'1');
        report.AddDecimal(32, 5_000 + i, 4);
        report.AddDecimal(31, 5_000_010, 2);
        report.AddDecimal(151, 10_000, 4);
        report.AddDecimal(14, 5_000, 4);
        report.AddDecimal(6, 5_000_010, 2);
        report.AddTime(60, _now);
        report.Add(851, (byte)'1');
        report.Add(880, 42L + i);
        report.Add(136, 1);
        report.AddDecimal(137, 2_500_005, 6);
        report.Add(138, "USD"u8);
        report.Add(139, (byte)'4');
        _session.End(keep: true);
    }

    public void OnLogon(Session session, long nowNs) { }

    public void OnMessage(Session session, in Message message, long nowNs) { }

    public void OnLogout(Session session, string reason, long nowNs) { }

    /// <summary>Copies the message, as any store must, and forgets it with the next one.</summary>
    private sealed class LastOnly : ISessionStore
    {
        private readonly byte[] _last = new byte[4096];

        public int NextOut => 1;
        public int NextIn => 1;

        public void Sent(int msgSeqNum, ReadOnlySpan<byte> message) => message.CopyTo(_last);

        public void Received(int nextIn) { }

        public void Reset(long nowNs) { }

        public ReadOnlySpan<byte> Find(int msgSeqNum) => default;
    }
}

/// <summary>The floor: a copy, and a sum one byte at a time.</summary>
internal sealed class Floor(int length)
{
    private const int Batch = 1_000;   // what a cache holds, as a receive buffer is

    private readonly byte[] _from = new byte[length], _to = new byte[length];
    private int _sum;

    public int Round()
    {
        for (var i = 0; i < Batch; i++)
        {
            _from.AsSpan().CopyTo(_to);
            var sum = 0;
            foreach (var b in _to) sum += b;
            _sum ^= sum + i;
        }
        return _sum == int.MinValue ? 0 : Batch;
    }
}
