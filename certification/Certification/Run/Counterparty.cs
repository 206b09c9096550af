using System.Net;
using System.Net.Sockets;

namespace Certification;

/// <summary>The side that is certified, as far as a case can reach it other than by FIX.</summary>
internal interface ICounterparty
{
    /// <summary>CompIDs of the scripted sessions: ours and theirs.</summary>
    IReadOnlyList<(string Ours, string Theirs)> Sessions { get; }

    /// <summary>A case begins.</summary>
    void Begin();

    /// <summary>A connection; null when there is none in time. Calls <paramref name="pump"/> while it waits.</summary>
    Socket? Connect(TimeSpan timeout, Action pump);

    /// <summary>Asks for something, and says how much longer than a program this side may take.</summary>
    TimeSpan Ask(string hint, string? command);

    /// <summary>What it said that it could not do; null when nothing.</summary>
    string? Error();

    /// <summary>The case is over.</summary>
    void End();
}

/// <summary>A venue: it is called.</summary>
internal sealed class CertifiedVenue(IPEndPoint address, string target, string first, string? second) : ICounterparty
{
    public IReadOnlyList<(string Ours, string Theirs)> Sessions { get; } = second is null ? [(first, target)] : [(first, target), (second, target)];

    private string? _error;

    public void Begin() => _error = null;

    public Socket? Connect(TimeSpan timeout, Action pump)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var over = new CancellationTokenSource(timeout);
        try
        {
            socket.ConnectAsync(address, over.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            _error = $"{address}: {e.Message}";
            return null;
        }
    }

    // A venue under test does what it is sent; nobody sits there.
    public TimeSpan Ask(string hint, string? command) => TimeSpan.Zero;

    public string? Error() => _error;

    public void End()
    {
    }
}

/// <summary>A client: it calls us, because a driver or a person tells it to.</summary>
internal sealed class CertifiedClient : ICounterparty, IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IReadOnlyList<string>? _command;
    private readonly TimeSpan _patience;
    private readonly TextWriter _screen;
    private Driver? _driver;

    /// <summary>Opens the port.</summary>
    /// <exception cref="SocketException">It is taken.</exception>
    public CertifiedClient(IPEndPoint address, string client, string us, IReadOnlyList<string>? driver, TimeSpan patience, TextWriter screen)
    {
        Sessions = [(us, client)];
        _command = driver;
        _patience = patience;
        _screen = screen;
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(address);
        _listener.Listen(8);
    }

    public IReadOnlyList<(string Ours, string Theirs)> Sessions { get; }

    /// <summary>The port that was opened.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>True when a new program with a new store is started for every case.</summary>
    public bool IsDriven => _command is not null;

    public void Begin()
    {
        // Who still knocks from the case before is not meant.
        while (_listener.Poll(0, SelectMode.SelectRead)) _listener.Accept().Dispose();
        if (_command is not null) _driver = new Driver(_command, Port, Sessions[0].Theirs, Sessions[0].Ours);
    }

    public Socket? Connect(TimeSpan timeout, Action pump)
    {
        var deadline = DateTime.UtcNow + timeout;
        while (!_listener.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead))
        {
            if (DateTime.UtcNow >= deadline) return null;
            pump();
        }
        return _listener.Accept();
    }

    public TimeSpan Ask(string hint, string? command)
    {
        if (_driver is null)
        {
            if (hint.Length > 0) _screen.WriteLine($"    >> {hint}");
            return _patience;
        }
        if (command is not null) _driver.Tell(command);
        return TimeSpan.Zero;
    }

    public string? Error() => _driver?.Error();

    public void End()
    {
        _driver?.Dispose();
        _driver = null;
    }

    public void Dispose()
    {
        End();
        _listener.Dispose();
    }
}
