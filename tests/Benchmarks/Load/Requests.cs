using System.Text;

namespace Venue.Load;

/// <summary>
/// One session's requests: an order far from the market, then its cancel, and again; or two MassQuotes in turns. Encoded once; each use overwrites
/// numbers of fixed width and the checksum, so that the generator costs a fraction of what it measures.
/// </summary>
internal sealed class Requests
{
    private const int SeqDigits = 9, OrderDigits = 9;
    private readonly Template _order, _cancel;
    private readonly Template _heartbeat, _resend;
    private int _next;

    /// <param name="compID">Whose they are.</param>
    /// <param name="run">A part of their ids.</param>
    /// <param name="entries">Entries of a MassQuote; 0 for orders.</param>
    /// <param name="symbol">Of the orders.</param>
    public Requests(string compID, string run, int entries = 0, string symbol = "BTC-USD")
    {
        var time = DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        var id = $"{compID}.{run}.{new string('0', OrderDigits)}";
        _order = new Template(entries > 0 ? QuoteFolder.Body(compID, time, id, entries, isHigh: false) : $"35=D|49={compID}|56=VENUE|34=000000000|52={time}|11={id}|55={symbol}|54=1|60={time}|38=1|40=2|44=45000|59=1|");
        _cancel = new Template(entries > 0 ? QuoteFolder.Body(compID, time, id, entries, isHigh: true) : $"35=F|49={compID}|56=VENUE|34=000000000|52={time}|41={id}|11=C{id}|55={symbol}|54=1|60={time}|38=1|");
        _heartbeat = new Template($"35=0|49={compID}|56=VENUE|34=000000000|52={time}|");
        _resend = new Template($"35=2|49={compID}|56=VENUE|34=000000000|52={time}|7=1|16=0|");
        Logon = Whole($"35=A|49={compID}|56=VENUE|34=1|52={time}|98=0|108=300|141=Y|");
        SeqNum = 2;
        LongestBytes = Math.Max(_order.Length, _cancel.Length);
    }

    /// <summary>Bytes of the longest.</summary>
    public int LongestBytes { get; }

    /// <summary>First message of the connection.</summary>
    public byte[] Logon { get; }

    /// <summary>MsgSeqNum(34) of the next message.</summary>
    public int SeqNum { get; private set; }

    /// <summary>The next order or cancel, valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var order = _next / 2;
        return (_next++ % 2 == 0 ? _order : _cancel).With(SeqNum++, order);
    }

    /// <summary>Which request, from 0, an execution report is about.</summary>
    public static long IndexOf(ReadOnlySpan<byte> report)
    {
        var id = report[(report.IndexOf("\u000111="u8) + 4)..];
        id = id[..id.IndexOf((byte)1)];
        var order = 0L;
        foreach (var digit in id[^OrderDigits..]) order = order * 10 + digit - '0';
        return 2 * order + (id[0] == (byte)'C' ? 1 : 0);
    }

    /// <summary>What to answer a TestRequest with: any message shows that we live.</summary>
    public ReadOnlySpan<byte> Heartbeat() => _heartbeat.With(SeqNum++, 0);

    /// <summary>Everything again, from the first message on.</summary>
    public ReadOnlySpan<byte> ResendRequest() => _resend.With(SeqNum++, 0);

    /// <summary>A message with its head and checksum; '|' for SOH.</summary>
    public static byte[] Whole(string body)
    {
        var bytes = Encoding.ASCII.GetBytes($"8=FIX.4.4|9={body.Length}|{body}".Replace('|', '\u0001'));
        return [.. bytes, .. Encoding.ASCII.GetBytes($"10={Sum(bytes):000}\u0001")];
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var b in bytes) sum += b;
        return sum & 255;
    }

    private sealed class Template
    {
        private readonly byte[] _bytes;
        private readonly int _seqAt, _timeAt, _trailerAt;
        private readonly int[] _orderAt;

        public Template(string body)
        {
            _bytes = Whole(body);
            var text = Encoding.ASCII.GetString(_bytes);
            _seqAt = text.IndexOf("\u000134=", StringComparison.Ordinal) + 4;
            _trailerAt = text.Length - 7;
            var at = new List<int>();
            for (var i = text.IndexOf("." + new string('0', OrderDigits), StringComparison.Ordinal); i >= 0; i = text.IndexOf("." + new string('0', OrderDigits), i + 1, StringComparison.Ordinal)) at.Add(i + 1);
            _orderAt = [.. at];
            _timeAt = text.IndexOf("\u000152=", StringComparison.Ordinal) + 4;
        }

        public int Length => _bytes.Length;

        public ReadOnlySpan<byte> With(int seqNum, int order)
        {
            Digits(_bytes.AsSpan(_seqAt, SeqDigits), seqNum);
            foreach (var at in _orderAt) Digits(_bytes.AsSpan(at, OrderDigits), order);
            Clock.Text.CopyTo(_bytes.AsSpan(_timeAt));
            var body = _bytes.AsSpan(0, _trailerAt);
            Digits(_bytes.AsSpan(_trailerAt + 3, 3), Sum(body));
            return _bytes;
        }

        private static void Digits(Span<byte> to, int value)
        {
            for (var i = to.Length - 1; i >= 0; i--, value /= 10) to[i] = (byte)('0' + value % 10);
        }
    }

    /// <summary>SendingTime(52), renewed a few times a second by the run: a message may be up to MaxLatency seconds old.</summary>
    public static class Clock
    {
        private static readonly byte[] Bytes = new byte[21];

        public static ReadOnlySpan<byte> Text => Bytes;

        public static void Renew()
        {
            Encoding.ASCII.GetBytes(DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture), Bytes);
        }
    }
}
