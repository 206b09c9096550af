using System.Globalization;

namespace EndToEnd;

/// <summary>One session over one connection, by hand: numbers its messages, and reads what it is told to read.</summary>
internal sealed class TransportClient(string compID, FixStream stream, int nextOut = 1) : IDisposable
{
    /// <summary>MsgSeqNum(34) of its next message.</summary>
    public int NextOut { get; private set; } = nextOut;

    /// <summary>Logs on and waits for the answer; null when the venue closed instead.</summary>
    public FixMessage? Logon()
    {
        Send("A", "98=0|108=300");
        return stream.Read();
    }

    /// <summary>A limit order; it is on its way when something is read or flushed.</summary>
    public void Order(string clOrdID, string side, string quantity, string price = "50000") =>
        Send("D", $"11={clOrdID}|54={side}|55=BTC-USD|38={quantity}|40=2|44={price}|59=1|60={Now()}");

    /// <summary>An order far from the market, and the report on it.</summary>
    public void RoundTrip(string clOrdID)
    {
        Order(clOrdID, "1", "0.001", "45000");
        var report = Next();
        Assert.That((report.Type, report.Find(11), report.Find(150)), Is.EqualTo(("8", clOrdID, "0")), report.ToString());
    }

    /// <summary>The next message.</summary>
    public FixMessage Next() => stream.Read() ?? throw new AssertionException($"{compID}: the venue closed the connection");

    /// <summary>The end of the connection, and not a word before it.</summary>
    public void ExpectClose() => Assert.That(stream.Read(), Is.Null, $"{compID}: closed without a word");

    /// <summary>Any message, numbered.</summary>
    public void Send(string msgType, string fields) =>
        stream.Write($"35={msgType}|34={NextOut++}|49={compID}|56=VENUE|52={Now()}{(fields.Length > 0 ? "|" : "")}{fields}");

    /// <summary>Sends without waiting for anything.</summary>
    public void Flush() => stream.Flush();

    /// <summary>Says that nothing more will come, and goes on reading.</summary>
    public void EndSending() => stream.EndSending();

    public void Dispose() => stream.Dispose();

    private static string Now() => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
