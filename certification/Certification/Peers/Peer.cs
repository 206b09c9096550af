using System.Globalization;
using System.Net.Sockets;
using Venue.Fix;

namespace Certification;

/// <summary>MsgSeqNum(34) of the next message in each direction.</summary>
internal readonly record struct SessionNumbers(int NextOut, int NextIn);

/// <summary>A scripted FIX session: it does what it is told, right or wrong, and keeps what comes.</summary>
/// <remarks>
/// Not <see cref="Session"/>: that one never misbehaves. By itself it only answers TestRequest and sends heartbeats, until it is muted.
/// One thread; <see cref="Pump"/> must be called often.
/// </remarks>
internal sealed class Peer : IDisposable
{
    private const int MessageBytesMax = 64 * 1024;

    private readonly Transcript _transcript;
    private readonly string _ourCompID, _theirCompID, _beginString;
    private readonly List<FixMessage> _sent = [];
    private Socket? _socket;
    private byte[] _buffer = new byte[MessageBytesMax];
    private int _filled;
    private TimeSpan _lastSent;
    private Damage _damage;
    private bool _logonSent;   // on this connection

    /// <param name="name">First or second.</param>
    /// <param name="words">The dictionary.</param>
    /// <param name="transcript">Where everything is noted.</param>
    /// <param name="ourCompID">SenderCompID(49) of what is sent.</param>
    /// <param name="theirCompID">SenderCompID(49) of what comes.</param>
    /// <param name="numbers">With which numbers the session goes on.</param>
    public Peer(PeerName name, Vocabulary words, Transcript transcript, string ourCompID, string theirCompID, SessionNumbers numbers)
    {
        Name = name;
        NextOut = numbers.NextOut;
        _transcript = transcript;
        _ourCompID = ourCompID;
        _theirCompID = theirCompID;
        _beginString = words.Dictionary.BeginString;
        Hygiene = new Hygiene(words, transcript, theirCompID, ourCompID, numbers.NextIn);
    }

    /// <summary>First or second.</summary>
    public PeerName Name { get; }

    /// <summary>The passive checks.</summary>
    public Hygiene Hygiene { get; }

    /// <summary>What came and no step has looked at.</summary>
    public Queue<FixMessage> Unread { get; } = new();

    /// <summary>MsgSeqNum(34) of the next message that is sent.</summary>
    public int NextOut { get; private set; }

    /// <summary>True while there is a connection.</summary>
    public bool IsConnected => _socket is not null;

    /// <summary>No heartbeats, no answers.</summary>
    public bool Muted { get; set; }

    /// <summary>Takes a connection over.</summary>
    public void Use(Socket socket)
    {
        socket.NoDelay = true;
        socket.Blocking = false;
        _socket = socket;
        _filled = 0;
        _logonSent = false;
        _lastSent = _transcript.Elapsed;
        Hygiene.Heartbeat = TimeSpan.Zero;
        Hygiene.Connected();
        _transcript.Note(Name, "connected");
    }

    /// <summary>Leaves out sequence numbers.</summary>
    public void Skip(int count) => NextOut += count;

    /// <summary>Damages the next message.</summary>
    public void Corrupt(Damage damage) => _damage = damage;

    /// <summary>Sends a message; a header field that is given is not added, and a given MsgSeqNum(34) uses up no number.</summary>
    public void Send(string type, IReadOnlyList<(int Tag, string Value)> fields, Func<int, bool> isHeader)
    {
        if (type == "A" && fields.Contains((141, "Y")) && fields.All(f => f.Tag != 34)) NextOut = 1;
        var head = new List<(int, string)> { (35, type) };
        Add(49, _ourCompID);
        Add(56, _theirCompID);
        Add(34, NextOut.ToString(CultureInfo.InvariantCulture));
        Add(52, MessageText.Time(DateTime.UtcNow));
        head.AddRange(fields.Where(f => isHeader(f.Tag) && head.All(h => h.Item1 != f.Tag)));
        var numbered = fields.All(f => f.Tag != 34);
        Transmit(MessageText.Encode(_beginString, head.Concat(fields.Where(f => !isHeader(f.Tag))), _damage), keep: numbered);
        _damage = Damage.None;
        if (numbered) NextOut++;
        if (type == "A") _logonSent = true;
        if (type == "A" && fields.FirstOrDefault(f => f.Tag == 108).Value is { } seconds && int.TryParse(seconds, CultureInfo.InvariantCulture, out var heartbeat))
            Hygiene.Heartbeat = TimeSpan.FromSeconds(heartbeat);

        void Add(int tag, string value) => head.Add((tag, fields.FirstOrDefault(f => f.Tag == tag).Value ?? value));
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(byte[] bytes) => Transmit(bytes, keep: false);

    /// <summary>FIX 4.4 vol 2, resend: what was sent again, admin messages and numbers never used as gap fills.</summary>
    public void Resend(int from, int to, Func<int, bool> isHeader)
    {
        for (var number = from; number <= to;)
        {
            var message = _sent.FindLast(m => m.SeqNum == number);
            if (message is { IsAdministrative: false })
            {
                var again = message.Fields.Where(f => f.Tag is not (8 or 9 or 10 or 35 or 49 or 56 or 52 or 43 or 122));
                Send(message.Type, [.. again, (43, "Y"), (122, message.Find(52)!)], isHeader);
                number++;
                continue;
            }
            var first = number++;
            while (number <= to && _sent.FindLast(m => m.SeqNum == number) is null or { IsAdministrative: true }) number++;
            Send("4", [(34, Text(first)), (43, "Y"), (122, MessageText.Time(DateTime.UtcNow)), (123, "Y"), (36, Text(number))], isHeader);
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads what is there, answers, sends a heartbeat when it is due.</summary>
    public void Pump(Func<int, bool> isHeader)
    {
        while (_socket is { } socket && socket.Poll(0, SelectMode.SelectRead))
        {
            if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var count = Receive(socket);
            if (count == 0)
            {
                Close("the other side closed the connection");
                return;
            }
            _filled += count;
            TakeMessages(isHeader);
        }
        if (_socket is null) return;
        Hygiene.Poll();
        var heartbeat = Hygiene.Heartbeat;
        if (!Muted && heartbeat > TimeSpan.Zero && _transcript.Elapsed - _lastSent >= heartbeat) Send("0", [], isHeader);
    }

    /// <summary>Closes the connection without a word.</summary>
    public void Close(string why)
    {
        if (_socket is null) return;
        _socket.Dispose();
        _socket = null;
        Hygiene.Disconnected();
        _transcript.Note(Name, why);
    }

    public void Dispose() => Close("end of the case");

    private int Receive(Socket socket)
    {
        try
        {
            return socket.Receive(_buffer.AsSpan(_filled));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return 0;   // another way to close
        }
    }

    private void TakeMessages(Func<int, bool> isHeader)
    {
        var done = 0;
        while (done < _filled)
        {
            var kind = Framing.Find(_buffer.AsSpan(done, _filled - done), MessageBytesMax, out var length);
            if (kind == FrameKind.NeedMore) break;
            if (kind == FrameKind.TooLong) length = _filled - done;
            var bytes = _buffer.AsSpan(done, length);
            done += length;
            if (kind == FrameKind.Frame)
            {
                OnMessage(FixMessage.Parse(bytes), isHeader);
                continue;
            }
            _transcript.Garbled(Name, bytes);
            Hygiene.OnGarbled(FixMessage.Readable(bytes));
        }
        _buffer.AsSpan(done, _filled - done).CopyTo(_buffer);
        _filled -= done;
    }

    private void OnMessage(FixMessage message, Func<int, bool> isHeader)
    {
        _transcript.Message(Name, EntryKind.Received, message);
        Hygiene.OnReceived(message);
        if (message.Type == "A" && message.Find(141) == "Y" && !_logonSent) NextOut = 1;   // they start over, our answer is the first
        Unread.Enqueue(message);
        if (message.Type == "1" && !Muted) Send("0", [(112, message.Find(112) ?? "")], isHeader);
    }

    private void Transmit(byte[] bytes, bool keep)
    {
        if (_socket is not { } socket) throw new StepException("there is no connection to send on", Verdict.Fail);
        var message = FixMessage.Parse(bytes);
        if (keep) _sent.Add(message);
        _transcript.Message(Name, EntryKind.Sent, message);
        if (_damage == Damage.None) Hygiene.OnSent(message);
        _lastSent = _transcript.Elapsed;
        try
        {
            for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
            {
                if (!socket.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectWrite)) throw new StepException("the other side reads nothing for 5 s", Verdict.Fail);
                rest = rest[socket.Send(rest)..];
            }
        }
        catch (SocketException e)
        {
            Close($"sending failed: {e.SocketErrorCode}");
        }
    }
}
