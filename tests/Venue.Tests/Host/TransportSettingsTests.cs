using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Venue.Host;

namespace Venue.Tests.Host;

public class TransportSettingsTests
{
    private string _config = "";
    private string _fingerprint = "";

    [OneTimeSetUp]
    public void Make()
    {
        _config = Directory.CreateTempSubdirectory("venue-transport-").FullName;
        File.Copy(Repository.Path("fix-config/VENUE44.xml"), Path.Combine(_config, "VENUE44.xml"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=venue, O=House", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var expired = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1));
        _fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        File.WriteAllText(Path.Combine(_config, "own.pem"), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_config, "old.pem"), expired.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_config, "bare.pem"), certificate.ExportCertificatePem());
        File.WriteAllBytes(Path.Combine(_config, "own.pfx"), certificate.Export(X509ContentType.Pfx, "secret"));
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_config, recursive: true);

    private SessionsFile Read(string defaults, string session, out List<string> faults)
    {
        File.WriteAllText(Path.Combine(_config, "sessions.cfg"),
            $"[DEFAULT]\nSenderCompID=VENUE\n{defaults.Replace(' ', '\n')}\n[SESSION]\nTargetCompID=A\nFirm=F\n{session}\n[SESSION]\nTargetCompID=B\nFirm=F\n");
        faults = [];
        return SessionsFile.Read(_config, faults);
    }

    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=bare.pem SSLCertificateKey=own.pem")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pfx SSLCertificatePassword=secret")]
    public void A_certificate_is_read_with_its_key(string defaults)
    {
        var file = Read(defaults, "", out var faults);
        Assert.That(faults, Is.Empty);
        Assert.That(file.Transport.Tls!.Port, Is.EqualTo(9880));
        Assert.That(file.Transport.Tls.Protocols, Is.EqualTo(SslProtocols.Tls12 | SslProtocols.Tls13));
        Assert.That(file.Transport.Certificate[0].HasPrivateKey);
        Assert.That(file.Transport.AsksForCertificate, Is.False);
    }

    [TestCase("SSLAcceptPort=9880", "", "SSLCertificate '': ")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=none.pem", "", "none.pem': ")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=bare.pem", "", "bare.pem': ")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=old.pem", "", "expired on ")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pfx SSLCertificatePassword=wrong", "", "own.pfx': ")]
    [TestCase("SSLAcceptPort=99999 SSLCertificate=own.pem", "", "SSLAcceptPort=99999 is not a whole number between 0 and 65535")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem SSLProtocols=Tls11", "", "'Tls11' is neither Tls12 nor Tls13")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem SSLCACertificate=none.pem", "", "SSLCACertificate '")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem SSLRequireClientCertificate=Y", "", "any certificate would do")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem", "SSLClientCertificateSubject=CN=a", "anybody can write a name on a certificate")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem", "SSLClientCertificateSHA256=12ab", "is not 64 hexadecimal digits")]
    [TestCase("SSLAcceptPort=9880 SSLCertificate=own.pem", "SSLHandshakesMax=3", "put them into [DEFAULT]")]
    [TestCase("SSLCertificate=own.pem", "", "SSLCertificate without SSLAcceptPort")]
    [TestCase("", "SocketUseSSL=Y", "there is no SSLAcceptPort: it could never log on")]
    [TestCase("", "AllowedRemoteAddresses=10.0.0.1/8", "'10.0.0.1/8' is neither")]
    [TestCase("", "AllowedRemoteAddresses=10.0.0.0/8,localhost", "'localhost' is neither")]
    public void What_would_not_work_is_said_at_the_start(string defaults, string session, string fault)
    {
        Read(defaults, session, out var faults);
        Assert.That(faults, Has.Some.Contains(fault));
        Assert.That(faults, Has.All.Contains("sessions.cfg:"));
    }

    [Test]
    public void An_inherited_fault_of_the_certificate_is_said_once()
    {
        Read("SSLAcceptPort=9880 SSLCertificate=none.pem", "", out var faults);
        Assert.That(faults, Has.Count.EqualTo(1));
    }

    [TestCase("10.0.0.0/8", "10.255.0.1", true)]
    [TestCase("10.0.0.0/8", "11.0.0.1", false)]
    [TestCase("192.0.2.7", "192.0.2.7", true)]
    [TestCase("192.0.2.7", "192.0.2.8", false)]
    [TestCase("192.0.2.7", "::ffff:192.0.2.7", true)]
    [TestCase("2001:db8::/32, 127.0.0.1", "2001:db8:1::5", true)]
    [TestCase("2001:db8::/32, 127.0.0.1", "127.0.0.1", true)]
    [TestCase("2001:db8::/32", "2001:db9::1", false)]
    [TestCase("::1", "::1", true)]
    [TestCase("0.0.0.0/0", "::1", false)]
    public void An_address_is_in_the_list_or_not(string list, string address, bool isIn)
    {
        Assert.That(AddressList.TryParse(list, out var addresses, out var fault), fault);
        Assert.That(addresses.Contains(IPAddress.Parse(address)), Is.EqualTo(isIn));
    }

    [TestCase("10")]
    [TestCase("10.1")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/8,,::1")]
    [TestCase("example.com")]
    public void What_is_no_address_is_refused(string list) => Assert.That(AddressList.TryParse(list, out _, out _), Is.False);

    [TestCase("192.0.2.1", false, null, null, null)]
    [TestCase("198.51.100.1", true, "first", "ONE", "its address is not among")]
    [TestCase("192.0.2.1", true, null, null, "needs a client certificate")]
    [TestCase("192.0.2.1", true, "first", "TWO", "TWO is not the session's")]
    [TestCase("192.0.2.1", true, null, "ONE", "'nobody trusted' is not the session's")]
    [TestCase("192.0.2.1", true, "first", "ONE", null)]
    public void A_session_is_refused_to_whom_it_does_not_belong(string address, bool tls, string? subject, string? sha256, string? refusal)
    {
        var access = new SessionAccess();
        Assert.That(AddressList.TryParse("192.0.2.0/24", out var addresses, out _));
        if (tls) access = new SessionAccess { RequiresTls = true, Addresses = addresses, CertificateSubject = "first", CertificateSha256 = "ONE" };
        var peer = new Peer(new IPEndPoint(IPAddress.Parse(address), 1), tls ? new TlsPeer(SslProtocols.Tls13, subject, sha256) : null);
        Assert.That(access.Refusal(peer), refusal is null ? Is.Null : Does.Contain(refusal));
    }

    [Test]
    public void A_session_for_TLS_is_refused_on_the_plain_port() =>
        Assert.That(new SessionAccess { RequiresTls = true }.Refusal(new Peer(new IPEndPoint(IPAddress.Loopback, 1), null)), Does.Contain("over TLS only"));

    [Test]
    public void A_fingerprint_is_read_with_or_without_colons()
    {
        var colons = string.Join(':', Enumerable.Range(0, 32).Select(i => _fingerprint.Substring(i * 2, 2))).ToLowerInvariant();
        var file = Read("SSLAcceptPort=9880 SSLCertificate=own.pem", "SSLClientCertificateSHA256=" + colons, out var faults);
        Assert.That(faults, Is.Empty);
        Assert.That(file.Sessions[0].Access.CertificateSha256, Is.EqualTo(_fingerprint));
        Assert.That(file.Transport.AsksForCertificate);
    }

    [Test]
    public void Words_of_the_other_end_do_not_steer_the_terminal()
    {
        var output = new StringWriter();
        using (var log = new ConnectionLog(output)) log.Closed("127.0.0.1:5", null, "unknown session \u001b[2J\n -> X");
        Assert.That(output.ToString(), Is.EqualTo("connection 127.0.0.1:5 without a session closed: unknown session ?[2J? -> X" + Environment.NewLine));
    }
}
