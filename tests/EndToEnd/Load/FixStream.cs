using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd;

/// <summary>FIX messages over one socket: frames on the way in, length and checksum on the way out. No session rules.</summary>
internal sealed class FixStream : IDisposable
{
    private const char Soh = '\u0001';

    /// <summary>"10=nnn" and its SOH.</summary>
    private const int TrailerLength = 7;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = 15_000,
        SendTimeout = 15_000,
    };

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly StringBuilder _unsent = new();
    private readonly Stream? _tls;
    private int _start, _end;

    /// <summary>Connects to the loopback address.</summary>
    /// <param name="port">TCP port of the venue.</param>
    /// <param name="tls">Puts TLS over the connection; null for none.</param>
    /// <param name="from">Own address; null for the system's choice.</param>
    /// <param name="receiveBytes">What the kernel keeps for a reader that does not read; 0 for the system's choice.</param>
    public FixStream(int port, Func<Stream, Stream>? tls = null, IPAddress? from = null, int receiveBytes = 0)
    {
        try
        {
            if (receiveBytes > 0) _socket.ReceiveBufferSize = receiveBytes;
            if (from is not null) _socket.Bind(new IPEndPoint(from, 0));
            _socket.Connect(IPAddress.Loopback, port);
            _tls = tls?.Invoke(new NetworkStream(_socket));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds a message to what goes out before the next wait; fields as "tag=value|tag=value", MsgType(35) first.</summary>
    public void Write(string fields)
    {
        var body = fields.Replace('|', Soh) + Soh;
        var message = string.Create(CultureInfo.InvariantCulture, $"8=FIX.4.4{Soh}9={body.Length}{Soh}{body}");
        var sum = 0;
        foreach (var character in message) sum += character;
        _unsent.Append(message).Append(CultureInfo.InvariantCulture, $"10={sum % 256:D3}{Soh}");
    }

    /// <summary>The next message. When it is not here yet, sends what was written and waits. Null when the other side has closed.</summary>
    /// <exception cref="SocketException">The connection is gone, or nothing came for 15 s.</exception>
    public FixMessage? Read()
    {
        while (true)
        {
            var length = FrameLength();
            if (length > 0)
            {
                var text = Encoding.ASCII.GetString(_buffer, _start, length);
                _start += length;
                return FixMessage.Parse(text, Soh);
            }
            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                _end -= _start;
                _start = 0;
            }
            Flush();
            var received = _tls is null ? _socket.Receive(_buffer.AsSpan(_end)) : _tls.Read(_buffer.AsSpan(_end));
            if (received == 0) return null;
            _end += received;
        }
    }

    /// <summary>Half of an end: close_notify with TLS, FIN without.</summary>
    public void EndSending()
    {
        if (_tls is System.Net.Security.SslStream tls) tls.ShutdownAsync().GetAwaiter().GetResult();
        else _socket.Shutdown(SocketShutdown.Send);
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    /// <summary>Sends what was written.</summary>
    public void Flush()
    {
        if (_unsent.Length == 0) return;
        var bytes = Encoding.ASCII.GetBytes(_unsent.ToString());
        _unsent.Clear();
        if (_tls is not null) _tls.Write(bytes);
        else for (var sent = 0; sent < bytes.Length;) sent += _socket.Send(bytes.AsSpan(sent));
    }

    /// <summary>Bytes of the whole message at the start of the buffer; 0 when more must come first.</summary>
    private int FrameLength()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        var begin = bytes.IndexOf((byte)Soh);
        if (begin < 0) return 0;
        var lengthEnd = bytes[(begin + 1)..].IndexOf((byte)Soh);
        if (lengthEnd < 0) return 0;
        var header = begin + 1 + lengthEnd + 1;
        var body = int.Parse(bytes[(begin + 1 + "9=".Length)..(header - 1)], NumberStyles.None, CultureInfo.InvariantCulture);
        var whole = header + body + TrailerLength;
        return bytes.Length >= whole ? whole : 0;
    }
}
