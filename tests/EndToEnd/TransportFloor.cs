using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Venue.Load;

namespace EndToEnd;

/// <summary>A venue on a generated configuration, with a TLS port and certificates of its own.</summary>
internal sealed class TransportFloor : IDisposable
{
    private readonly string _folder = Places.NewFolder("transport");
    private readonly X509Certificate2 _authority = Issue("CN=Authority", null);

    /// <summary>Makes the files and starts the venue.</summary>
    /// <param name="sessions">LOAD1 to LOADn.</param>
    /// <param name="defaults">Further lines of [DEFAULT].</param>
    /// <param name="own">Further lines of a session.</param>
    /// <param name="options">Further options of the venue.</param>
    public TransportFloor(int sessions, string defaults = "", Func<int, string>? own = null, params string[] options)
    {
        using var server = Issue("CN=localhost", _authority);
        File.WriteAllText(Path.Combine(_folder, "server.pem"), server.ExportCertificatePem() + "\n" + server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "authority.pem"), _authority.ExportCertificatePem());
        First = Issue("CN=first, O=Firm One", _authority);
        Second = Issue("CN=second, O=Firm Two", _authority);
        Stranger = Issue("CN=first, O=Firm One", null);
        SessionFolder.Write(Places.Config, _folder, sessions,
            $"SSLAcceptPort=0\nSSLCertificate=server.pem\n{defaults}", own is null ? null : n => own(n).Replace("SECOND", Fingerprint(Second), StringComparison.Ordinal));
        Venue = new VenueProcess(_folder, options);
        Venue.Start(Durability.Async);
    }

    public VenueProcess Venue { get; }

    /// <summary>Client certificates that the authority issued.</summary>
    public X509Certificate2 First { get; }
    public X509Certificate2 Second { get; }

    /// <summary>One with the first's name that nobody trusted issued.</summary>
    public X509Certificate2 Stranger { get; }

    /// <summary>A client on the plain port.</summary>
    public TransportClient Plain(int n, string? from = null, int receiveBytes = 0, int nextOut = 1) =>
        new(SessionFolder.CompID(n), new FixStream(Venue.Port, from: Address(from), receiveBytes: receiveBytes), nextOut);

    /// <summary>A client on the TLS port, after its handshake.</summary>
    public TransportClient Tls(int n, X509Certificate2? certificate = null, SslProtocols protocol = SslProtocols.None, string? from = null, int receiveBytes = 0, int nextOut = 1) =>
        new(SessionFolder.CompID(n), new FixStream(Venue.TlsPort, inner => Handshake(inner, certificate, protocol), Address(from), receiveBytes), nextOut);

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);

    private SslStream Handshake(Stream inner, X509Certificate2? certificate, SslProtocols protocol)
    {
        var tls = new SslStream(inner);
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority }, RevocationMode = X509RevocationMode.NoCheck },
        });
        if (protocol != SslProtocols.None) Assert.That(tls.SslProtocol, Is.EqualTo(protocol));
        return tls;
    }

    public void Dispose()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(Venue.Transcript());
        Venue.Dispose();
        foreach (var certificate in (X509Certificate2[])[_authority, First, Second, Stranger]) certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static X509Certificate2 Issue(string subject, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: issuer is null, false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        if (issuer is null) return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));
        using var issued = request.Create(issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
