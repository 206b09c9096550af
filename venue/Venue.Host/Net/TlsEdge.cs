using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Venue.Host;

/// <summary>
/// The TLS port: handshakes and cryptography on the pool's threads, and behind each connection a local socket that the
/// core loop serves like any other. The core thread never enciphers a byte.
/// </summary>
internal sealed class TlsEdge : IDisposable
{
    private const int StopTimeoutMs = 3_000;

    private readonly TlsSettings _settings;
    private readonly TransportSettings _transport;
    private readonly CoreLoop _loop;
    private readonly ConnectionLog _log;
    private readonly Socket _listener;
    private readonly SslServerAuthenticationOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();
    private readonly Task _accepting;
    private int _handshakes;

    /// <summary>Opens the port.</summary>
    public TlsEdge(TransportSettings transport, IPAddress address, CoreLoop loop, ConnectionLog log)
    {
        _transport = transport;
        _settings = transport.Tls!;
        _loop = loop;
        _log = log;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(transport.Certificate[0], transport.Certificate, offline: true),
            EnabledSslProtocols = _settings.Protocols,
            ClientCertificateRequired = transport.AsksForCertificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => MayConnect(certificate as X509Certificate2),
            AllowRenegotiation = false,
        };
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(address, _settings.Port));
        _listener.Listen(1024);
        _accepting = Task.Run(Accept);
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    private async Task Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // It went away again, or there are no descriptors left: the others stay in the backlog meanwhile.
                await Task.Delay(10);
                continue;
            }
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            if (!_transport.Allows(remote.Address))
            {
                Refuse(socket, RefusedFor.Address, remote, "no session may come from this address");
            }
            else if (Volatile.Read(ref _handshakes) >= _settings.HandshakesMax)
            {
                Refuse(socket, RefusedFor.TooManyHandshakes, remote, $"{_settings.HandshakesMax} TLS handshakes are under way");
            }
            else
            {
                Interlocked.Increment(ref _handshakes);
                var serving = Serve(socket, remote);
                _serving[serving] = true;
                _ = serving.ContinueWith(done => Served(done, remote), TaskScheduler.Default);
            }
        }
    }

    private void Refuse(Socket socket, RefusedFor why, IPEndPoint remote, string detail)
    {
        socket.Dispose();
        _log.Refuse(why, remote, detail);
    }

    private void Served(Task done, IPEndPoint remote)
    {
        _serving.TryRemove(done, out _);
        if (done.Exception is { } fault) _log.Closed(remote.ToString(), null, $"TLS tunnel: {fault.GetBaseException().Message}");
    }

    private async Task Serve(Socket socket, IPEndPoint remote)
    {
        await Task.Yield();   // the accept goes on at once
        socket.NoDelay = true;
        socket.SendBufferSize = Listener.KernelSendBytes;
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        if (await Handshake(stream, remote) is not { } peer) return;
        var (inner, core) = Linux.SocketPair();
        using var tunnel = new TlsTunnel(stream, socket, inner);
        _loop.Adopt(core, peer, tunnel);
        await tunnel.Run();
    }

    /// <summary>Who it is; null when it did not become a TLS connection, which is logged.</summary>
    private async Task<Peer?> Handshake(SslStream stream, IPEndPoint remote)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        timeout.CancelAfter(_settings.HandshakeTimeoutSeconds * 1000);
        try
        {
            await stream.AuthenticateAsServerAsync(_options, timeout.Token);
            var certificate = stream.RemoteCertificate as X509Certificate2;
            return new Peer(remote, new TlsPeer(
                stream.SslProtocol,
                certificate is not null && IsTrusted(certificate) ? certificate.SubjectName.Name : null,
                certificate?.GetCertHashString(HashAlgorithmName.SHA256)));
        }
        catch (OperationCanceledException)
        {
            _log.Refuse(RefusedFor.HandshakeTime, remote, $"no TLS handshake within {_settings.HandshakeTimeoutSeconds} s");
        }
        // What a stranger's bytes can make of a handshake is not a closed list of exceptions; none of them ends more than the connection.
        catch (Exception e)
        {
            _log.Refuse(RefusedFor.Handshake, remote, $"TLS handshake: {e.Message}{(e.InnerException is { } inner ? $" ({inner.Message})" : "")}");
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
        return null;
    }

    // Without authorities a certificate proves only its own key: then the sessions know it by its fingerprint.
    private bool MayConnect(X509Certificate2? certificate) => certificate is null
        ? !_settings.RequiresClientCertificate
        : _transport.Authorities.Count == 0 || IsTrusted(certificate);

    private bool IsTrusted(X509Certificate2 certificate)
    {
        if (_transport.Authorities.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_transport.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));   // RFC 5280 4.2.1.12: id-kp-clientAuth
        return chain.Build(certificate);
    }

    /// <summary>Closes the port and waits until what the core has told is out.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _accepting.GetAwaiter().GetResult();
        _listener.Dispose();
        Task.WhenAny(Task.WhenAll(_serving.Keys), Task.Delay(StopTimeoutMs)).GetAwaiter().GetResult();
        _stop.Dispose();
    }
}
