using System.Diagnostics;
using System.Net.Sockets;
using HdrHistogram;

namespace Venue.Load;

/// <summary>Orders one at a time: from the send of one to the increment that tells another session of it.</summary>
internal static class Ticks
{
    /// <summary>Runs for so long; latencies in nanoseconds go into the histogram.</summary>
    public static void Run(Server venue, string run, LongHistogram histogram, TimeSpan time)
    {
        var requests = new Requests(SessionFolder.CompID(1), run);
        using var orders = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        orders.Connect(venue.EndPoint);
        var buffer = new byte[64 << 10];
        orders.Send(requests.Logon);
        orders.Receive(buffer);
        var reader = new MarketReader(SessionFolder.CompID(2), venue.EndPoint);
        reader.Watch(0, isConflated: false);
        reader.Receive(buffer);
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < time;)
        {
            Requests.Clock.Renew();
            var request = requests.Next();
            var sent = Stopwatch.GetTimestamp();
            orders.Send(request);
            var length = reader.Receive(buffer);
            histogram.RecordValue(Math.Max(1, Stopwatch.GetTimestamp() - sent));
            if (buffer.AsSpan(0, length).IndexOf("\u000135=X\u0001"u8) < 0) throw new IOException("what came is no increment");
            orders.Receive(buffer);
        }
        reader.Socket.Dispose();
    }
}
