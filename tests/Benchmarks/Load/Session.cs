using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace Venue.Load;

/// <summary>One connection of the load: requests out, answers in, and when each request was due.</summary>
internal sealed unsafe class Session : IDisposable
{
    private const int ReceiveBytes = 128 << 10, ReadBytes = 32 << 10;
    private const int WindowMax = 8192;

    private readonly Socket _socket;
    private readonly Requests? _requests;   // null: an echo, whose answer is the request
    private readonly byte[] _echo;
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
    private readonly byte[] _out = GC.AllocateUninitializedArray<byte>(2 << 20, pinned: true);
    private readonly long[] _dueAt = new long[WindowMax];
    private readonly int _longestBytes;
    private int _filled, _outStart, _outEnd;

    public Session(string compID, string run, IPEndPoint server, bool isEcho, LongHistogram histogram, int entries = 0, string symbol = "BTC-USD")
    {
        CompID = compID;
        Histogram = histogram;
        var requests = new Requests(compID, run, entries, symbol);
        _longestBytes = requests.LongestBytes;
        _requests = isEcho ? null : requests;
        Requests.Clock.Renew();
        _echo = isEcho ? requests.Next().ToArray() : [];
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
        Fd = (int)_socket.Handle;
        if (_requests is null) return;
        _socket.Send(_requests.Logon);
        _socket.ReceiveTimeout = 10_000;
        while (FrameLength(0) == 0)
        {
            var count = _socket.Receive(_received.AsSpan(_filled));
            if (count == 0) throw new IOException($"{CompID}: closed at the Logon");
            _filled += count;
        }
        if (TypeAt(0) != 'A') throw new IOException($"{CompID}: the Logon was not answered by a Logon");
        _filled = 0;
    }

    public string CompID { get; }

    public int Fd { get; }

    /// <summary>Where its latencies go; nanoseconds.</summary>
    public LongHistogram Histogram { get; }

    /// <summary>Requests sent and not answered.</summary>
    public int Pending => (int)(Sent - Answered);

    public long Sent { get; private set; }

    public long Answered { get; private set; }

    /// <summary>Of the answers, those that refused: the venue was behind, or the order over its rate; they are in no histogram.</summary>
    public long Refused { get; private set; }

    /// <summary>True while the socket did not take everything.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Room for one more request.</summary>
    public bool MaySend => Pending < WindowMax && _out.Length - _outEnd > _longestBytes;

    /// <summary>Puts one request among the bytes to send; its latency counts from <paramref name="dueAt"/>.</summary>
    public void Request(long dueAt)
    {
        _dueAt[Sent++ % WindowMax] = dueAt;
        Put(_requests is null ? _echo : _requests.Next());
    }

    /// <summary>Asks for everything that the venue ever sent on this session.</summary>
    public void RequestResend()
    {
        Put(_requests!.ResendRequest());
        Flush();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_out.AsSpan(_outEnd));
        _outEnd += bytes.Length;
    }

    /// <summary>Sends what there is.</summary>
    public void Flush()
    {
        IsBlocked = false;
        while (_outStart < _outEnd)
        {
            nint count;
            fixed (byte* bytes = _out) count = Host.Linux.Send(Fd, bytes + _outStart, _outEnd - _outStart, Host.Linux.MsgDontWait | Host.Linux.MsgNoSignal);
            if (count < 0)
            {
                var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (error is not (Host.Linux.EAgain or Host.Linux.EIntr)) throw new IOException($"{CompID}: send failed with errno {error}");
                IsBlocked = true;
                return;
            }
            _outStart += (int)count;
        }
        _outStart = _outEnd = 0;
    }

    /// <summary>Takes what has come; latencies are noted while <paramref name="isMeasured"/>.</summary>
    public void Receive(bool isMeasured)
    {
        nint count;
        fixed (byte* bytes = _received) count = Host.Linux.Receive(Fd, bytes + _filled, Math.Min(ReadBytes, ReceiveBytes - _filled), Host.Linux.MsgDontWait);
        if (count == 0) throw new IOException($"{CompID}: the server closed the connection");
        if (count < 0) return;
        _filled += (int)count;
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        var at = 0;
        while (true)
        {
            var length = _requests is null ? (_filled - at >= _echo.Length ? _echo.Length : 0) : FrameLength(at);
            if (length == 0) break;
            if (_requests is null) Take(now, isMeasured, Answered);
            else
            {
                var message = _received.AsSpan(at, length);
                switch (TypeAt(at))
                {
                    case '8' when message.IndexOf("\u000139=8\u0001"u8) < 0: Take(now, isMeasured, Requests.IndexOf(message)); break;
                    case 'b' when message.IndexOf("\u0001297=0\u0001"u8) >= 0 && message.IndexOf("\u0001368="u8) < 0: Take(now, isMeasured, Answered); break;
                    // Over the rate: refused with a reason, perhaps before an earlier order is answered; its cancel then finds nothing.
                    case '8' when message.IndexOf("\u000158=RATE"u8) >= 0: Refuse(); break;
                    // The venue sheds load: the order is refused as BUSY, and its cancel then finds nothing.
                    case 'j' when message.IndexOf("BUSY"u8) >= 0: Refuse(); break;
                    case '9' when Refused > 0: Refuse(); break;
                    case '1': Put(_requests.Heartbeat()); break;
                    case '0' or '4': break;
                    default: throw new IOException($"{CompID}: {System.Text.Encoding.ASCII.GetString(message).Replace('\u0001', '|')}");
                }
            }
            at += length;
        }
        if (at == 0) return;
        _received.AsSpan(at, _filled - at).CopyTo(_received);
        _filled -= at;
    }

    private void Take(long now, bool isMeasured, long request)
    {
        if (isMeasured) Histogram.RecordValue(Math.Max(1, now - _dueAt[request % WindowMax]));
        Answered++;
    }

    private void Refuse()
    {
        Answered++;
        Refused++;
    }

    /// <summary>Bytes of the whole message at <paramref name="at"/>; 0 when more must come first.</summary>
    private int FrameLength(int at)
    {
        // 8=FIX.4.4|9=NNN|...|10=NNN|
        const int LengthAt = 12, TrailerBytes = 7;
        var bytes = _received.AsSpan(at, _filled - at);
        var body = 0;
        for (var i = LengthAt; i < bytes.Length; i++)
        {
            if (bytes[i] != 1)
            {
                body = body * 10 + bytes[i] - '0';
                continue;
            }
            var whole = i + 1 + body + TrailerBytes;
            return bytes.Length >= whole ? whole : 0;
        }
        return 0;
    }

    private char TypeAt(int at)
    {
        var bytes = _received.AsSpan(at);
        return (char)bytes[bytes.IndexOf("\u000135="u8) + 4];
    }

    public void Dispose() => _socket.Dispose();
}
