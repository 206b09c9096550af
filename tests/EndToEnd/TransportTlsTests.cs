using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EndToEnd;

/// <summary>The TLS port: who comes in, who does not, and that both ends end together.</summary>
[Category("EndToEnd")]
public sealed class TransportTlsTests
{
    private const int BySubject = 1, ByFingerprint = 2, OnlyTls = 3, EitherPort = 4;
    private TransportFloor _floor = null!;

    [OneTimeSetUp]
    public void Open() => _floor = new TransportFloor(5,
        "SSLCACertificate=authority.pem\nSSLHandshakeTimeout=1\nSSLHandshakesMax=4",
        n => n switch
        {
            BySubject => "SSLClientCertificateSubject=CN=first, O=Firm One",
            ByFingerprint => "SSLClientCertificateSHA256=SECOND",
            OnlyTls => "SocketUseSSL=Y",
            _ => "",
        });

    [OneTimeTearDown]
    public void Close() => _floor.Dispose();

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public void Orders_are_reported_over_TLS(SslProtocols protocol)
    {
        using var client = _floor.Tls(EitherPort, protocol: protocol);
        ResetAndLogon(client);
        for (var i = 0; i < 200; i++) client.Order($"{protocol}-{i}", "1", "0.001", "45000");
        for (var i = 0; i < 200; i++) Assert.That(client.Next()[11], Is.EqualTo($"{protocol}-{i}"));
        client.Send("5", "");
        Assert.That(client.Next().Type, Is.EqualTo("5"), "the answer to the Logout comes before the end");
        client.ExpectClose();
    }

    [TestCase(BySubject)]
    [TestCase(ByFingerprint)]
    public void A_session_bound_to_a_certificate_is_served_to_its_owner_only(int session)
    {
        var (own, other) = session == BySubject ? (_floor.First, _floor.Second) : (_floor.Second, _floor.First);
        foreach (var wrong in (X509Certificate2?[])[other, null])
        {
            using var client = _floor.Tls(session, wrong);
            client.Send("A", "98=0|108=30");
            client.ExpectClose();
        }
        using (var plain = _floor.Plain(session))
        {
            plain.Send("A", "98=0|108=30");
            plain.ExpectClose();
        }
        _floor.Venue.WaitForLine($"refused as LOAD{session}: the client certificate ");
        _floor.Venue.WaitForLine($"refused as LOAD{session}: the session needs a client certificate");
        _floor.Venue.WaitForLine($"refused as LOAD{session}: the session is served over TLS only");
        using var owner = _floor.Tls(session, own);
        ResetAndLogon(owner);
        owner.RoundTrip($"owner-{session}");
    }

    [Test]
    public void A_certificate_that_nobody_trusted_issued_does_not_pass_the_handshake()
    {
        const string From = "127.0.0.41";   // every line of the log names its own client
        Assert.That(() =>
        {
            using var client = _floor.Tls(BySubject, _floor.Stranger, from: From);
            client.Send("A", "98=0|108=30");
            client.Next();   // with TLS 1.3 the client's handshake is over before the venue has seen the certificate
        }, Throws.InstanceOf<IOException>().Or.InstanceOf<AuthenticationException>().Or.InstanceOf<AssertionException>());
        _floor.Venue.WaitForLine($"connection {From}:", "refused: TLS handshake:");
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public void SSLRequireClientCertificate_lets_nobody_in_without_one(SslProtocols protocol)
    {
        using var floor = new TransportFloor(1, "SSLCACertificate=authority.pem\nSSLRequireClientCertificate=Y");
        foreach (var (wrong, from) in ((X509Certificate2?, string)[])[(null, "127.0.0.51"), (floor.Stranger, "127.0.0.52")])
        {
            Assert.That(() =>
            {
                using var client = floor.Tls(1, wrong, protocol, from);
                client.Send("A", "98=0|108=30");
                client.Next();
            }, Throws.InstanceOf<IOException>().Or.InstanceOf<AuthenticationException>().Or.InstanceOf<AssertionException>());
            floor.Venue.WaitForLine($"connection {from}:", "refused: TLS handshake:");
        }
        using var owner = floor.Tls(1, floor.First, protocol);
        ResetAndLogon(owner);
        owner.RoundTrip("with-a-certificate");
    }

    [Test]
    public void A_session_for_TLS_only_is_not_served_in_the_clear()
    {
        using (var plain = _floor.Plain(OnlyTls))
        {
            plain.Send("A", "98=0|108=30");
            plain.ExpectClose();
        }
        using var client = _floor.Tls(OnlyTls);
        ResetAndLogon(client);
        client.RoundTrip("only-tls");
    }

    [Test]
    public void Bytes_that_are_not_TLS_are_cut_off()
    {
        const string From = "127.0.0.61";
        using var client = new FixStream(_floor.Venue.TlsPort, from: IPAddress.Parse(From));
        client.Write("35=A|34=1|49=LOAD4|56=VENUE|98=0|108=30");
        client.Flush();
        _floor.Venue.WaitForLine($"connection {From}:", "refused: TLS handshake:");
    }

    [Test]
    public void Handshakes_that_do_not_end_are_bounded_in_time_and_in_number()
    {
        var silent = Enumerable.Range(0, 4).Select(_ => Connect()).ToArray();
        using (var beyond = Connect()) Assert.That(beyond.Receive(new byte[1]), Is.Zero, "the fifth is closed at once");
        _floor.Venue.WaitForLine("4 TLS handshakes are under way");
        foreach (var socket in silent)
        {
            Assert.That(socket.Receive(new byte[1]), Is.Zero, "closed after a second");
            socket.Dispose();
        }
        _floor.Venue.WaitForLine("no TLS handshake within 1 s");
        using var client = _floor.Tls(5);
        ResetAndLogon(client);
        client.RoundTrip("after-the-flood");
    }

    [Test]
    public void A_client_that_only_stops_sending_is_closed_on_both_sides_and_can_come_back()
    {
        for (var i = 0; i < 20; i++)
        {
            using var client = _floor.Tls(5);
            ResetAndLogon(client);
            client.RoundTrip($"half-{i}");
            client.EndSending();
            client.ExpectClose();
        }
        _floor.Venue.WaitForLine("LOAD5 closed: closed by the other end");
    }

    private Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect("127.0.0.1", _floor.Venue.TlsPort);
        return socket;
    }

    private static void ResetAndLogon(TransportClient client)
    {
        client.Send("A", "98=0|108=30|141=Y");
        Assert.That(client.Next().Type, Is.EqualTo("A"));
    }
}
