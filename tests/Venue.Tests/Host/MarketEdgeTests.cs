using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Venue.Host;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>The core's loop and the thread of market data, over sockets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class MarketEdgeTests
{
    private const string Watch = "35=V|262=w|263=1|264=10|265=1|267=2|269=0|269=1|146=1|55=BTC-USD";

    private readonly CoreHarness _venue = new();
    private readonly StringWriter _lines = new();
    private readonly ConnectionLog _log;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<CoreLoop> _up = new();
    private readonly CoreLoop _loop;

    public MarketEdgeTests()
    {
        _log = new ConnectionLog(TextWriter.Synchronized(_lines));
        _thread = new Thread(() =>
        {
            using var loop = _venue.Loop(_log);
            _up.SetResult(loop);
            loop.Run();
        });
        _thread.Start();
        _loop = _up.Task.GetAwaiter().GetResult();
    }

    [TearDown]
    public void Stop()
    {
        _loop.Stop();
        _thread.Join();
        _log.Dispose();
        _venue.Dispose();
    }

    /// <summary>A session over a socket.</summary>
    private sealed class Line : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000, NoDelay = true };
        private readonly string _compID;
        private string _received = "";
        private int _next = 1;

        public Line(string compID, IPEndPoint venue)
        {
            _compID = compID;
            _socket.Connect(venue);
        }

        public Line Logon()
        {
            Send("35=A|98=0|108=30|141=Y");
            return this;
        }

        public void Send(string body)
        {
            var type = body.Split('|')[0];
            var time = DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
            var text = $"{type}|49={_compID}|56=VENUE|34={_next++}|52={time}|{body[(type.Length + 1)..].Replace("60=now", "60=" + time)}|";
            var bytes = $"8=FIX.4.4|9={text.Length}|{text}".Replace('|', '\u0001');
            _socket.Send(Encoding.ASCII.GetBytes($"{bytes}10={bytes.Sum(c => c) & 255:000}\u0001"));
        }

        public void Order(string id, string price) => Send($"35=D|11={id}|55=BTC-USD|54=1|60=now|38=1|40=2|44={price}|59=1");

        /// <summary>The next message, '|' for SOH; null when the venue closed the connection.</summary>
        public string? Read()
        {
            var buffer = new byte[64 << 10];
            while (true)
            {
                if (_received.IndexOf("\u000110=", StringComparison.Ordinal) is var at and >= 0 && _received.Length >= at + 8)
                {
                    var message = _received[..(at + 8)].Replace('\u0001', '|');
                    _received = _received[(at + 8)..];
                    return message;
                }
                var count = Receive(buffer);
                if (count == 0) return null;
                _received += Encoding.ASCII.GetString(buffer, 0, count);
            }
        }

        private int Receive(byte[] buffer)
        {
            try
            {
                return _socket.Receive(buffer);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                return 0;
            }
        }

        public string Next(string type)
        {
            while (true)
            {
                var message = Read() ?? throw new AssertionException($"{_compID}: closed while waiting for {type}");
                if (message.Contains($"|35={type}|")) return message;
            }
        }

        public void Dispose() => _socket.Dispose();
    }

    private Line Connect(string compID) => new(compID, _loop.EndPoint);

    /// <summary>Does something on the core's thread.</summary>
    private T OnCore<T>(Func<Venue.Gateway.Gateway, long, T> what) => _loop.Ask(what).WaitAsync(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();

    private void Fail() => OnCore((_, _) =>
    {
        _venue.Core.Outlet.Do(_ => throw new InvalidOperationException("made by the test"));
        return 0;
    });

    [Test]
    public void A_fault_cuts_off_readers_alone_and_they_come_to_a_new_image()
    {
        using var trader = Connect("CLIENT1").Logon();
        trader.Next("A");
        using (var reader = Connect("MD1").Logon())
        {
            reader.Next("A");
            reader.Send(Watch);
            Assert.That(reader.Next("W"), Does.Contain("|83=0|"));
            trader.Order("a", "50000");
            Assert.That(trader.Next("8"), Does.Contain("|150=0|"));
            Assert.That(reader.Next("X"), Does.Contain("|83=1|"));
            Fail();
            Assert.That(reader.Read(), Is.Null, "cut off");
        }
        trader.Order("b", "49999");
        Assert.That(trader.Next("8"), Does.Contain("|150=0|"), "who trades knows nothing of it");
        string? snapshot = null;
        Assert.That(() => Reconnect(out snapshot), Is.True.After(10_000, 100));
        Assert.That(snapshot, Does.Contain("|83=0|").And.Contain("270=50000.00").And.Contain("270=49999.00"));
        Assert.That(() => _lines.ToString(), Does.Contain("ALARM market data failed").And.Contain("made by the test").After(5_000, 20));
        Assert.That(OnCore((gateway, _) => gateway.FindClient("CLIENT1")!.IsPresent), Is.True);
    }

    private bool Reconnect(out string? snapshot)
    {
        using var reader = Connect("MD1").Logon();
        snapshot = null;
        if (reader.Read()?.Contains("|35=A|") != true) return false;
        reader.Send(Watch);
        snapshot = reader.Next("W");
        return true;
    }

    [Test]
    public void An_operator_sees_its_sessions_and_logs_them_out()
    {
        using var reader = Connect("MD1").Logon();
        reader.Next("A");
        var view = OnCore((gateway, nowNs) => gateway.ViewSessions(nowNs)).Single(v => v.ClientCompID == "MD1");
        Assert.That((view.State, view.NextIn, view.NextOut), Is.EqualTo((Venue.Fix.SessionState.Active, 2, 2)));
        Assert.That(() => OnCore((gateway, _) => gateway.FindClient("MD1")!.IsPresent), Is.True.After(5_000, 10), "the engine knows that it is there");
        using (var second = Connect("MD1").Logon()) Assert.That(second.Read(), Is.Null, "it is there already");
        Assert.That(OnCore((gateway, nowNs) => gateway.LogOut(gateway.FindClient("MD1")!, "by hand", nowNs)), Is.True);
        Assert.That(reader.Next("5"), Does.Contain("58=by hand"));
        reader.Send("35=5|58=yes");
        Assert.That(reader.Read(), Is.Null);
        Assert.That(() => OnCore((gateway, _) => gateway.FindClient("MD1")!.IsPresent), Is.False.After(5_000, 10));
        Assert.That(OnCore((gateway, nowNs) => gateway.LogOut(gateway.FindClient("MD1")!, "by hand", nowNs)), Is.False);
    }

    [Test]
    public void A_stop_logs_its_sessions_out()
    {
        using var reader = Connect("MD1").Logon();
        reader.Next("A");
        _loop.Stop();
        Assert.That(reader.Next("5"), Does.Contain("The venue is stopping"));
    }

    [Test]
    public void Orders_of_a_book_that_nobody_followed_come_from_the_core()
    {
        using var trader = Connect("CLIENT1").Logon();
        trader.Next("A");
        trader.Order("a", "50000");
        trader.Next("8");
        using var reader = Connect("MD1").Logon();
        reader.Send("35=V|262=w|263=1|264=0|265=1|266=N|267=2|269=0|269=1|146=1|55=BTC-USD");
        Assert.That(reader.Next("W"), Does.Contain("|278=").And.Contain("270=50000.00"));
        trader.Order("b", "49999");
        Assert.That(reader.Next("X"), Does.Contain("279=0|269=0|278=").And.Contain("270=49999.00"));
    }
}
