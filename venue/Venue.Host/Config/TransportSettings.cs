using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Venue.Host;

/// <summary>What sessions.cfg says about connections: the TLS port, and per session from where and by what proof.</summary>
public sealed class TransportSettings
{
    /// <summary>The settings of sessions.cfg that are read here.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "AllowedRemoteAddresses", "SocketUseSSL", "SSLAcceptPort", "SSLCACertificate", "SSLCertificate", "SSLCertificateKey", "SSLCertificatePassword",
        "SSLClientCertificateSHA256", "SSLClientCertificateSubject", "SSLHandshakeTimeout", "SSLHandshakesMax", "SSLProtocols", "SSLRequireClientCertificate",
    ];

    private readonly List<SessionAccess> _sessions = [];
    private bool _isRead;

    /// <summary>The TLS port; null for none.</summary>
    public TlsSettings? Tls { get; private set; }

    /// <summary>The port's certificate, leaf first.</summary>
    public X509Certificate2Collection Certificate { get; private set; } = [];

    /// <summary>Who issues client certificates.</summary>
    public X509Certificate2Collection Authorities { get; private set; } = [];

    /// <summary>True when the handshake asks the client for a certificate.</summary>
    public bool AsksForCertificate => Tls is { } tls && (tls.RequiresClientCertificate || Authorities.Count > 0 || _sessions.Exists(s => s.NeedsCertificate));

    /// <summary>True when some session may come from here; the others are not even accepted.</summary>
    public bool Allows(System.Net.IPAddress address) => _sessions.Exists(s => s.Addresses.Contains(address));

    /// <summary>Reads the settings of one session.</summary>
    internal SessionAccess Read(Section s, string config)
    {
        var tls = TlsSettings.Read(s, config);
        if (!_isRead)
        {
            Load(tls, s);
            _isRead = true;
        }
        else if (tls != Tls)
        {
            s.Fault("the settings of the TLS port are the same for all sessions: put them into [DEFAULT]");
        }
        var access = new SessionAccess
        {
            RequiresTls = s.Flag("SocketUseSSL", false),
            Addresses = ReadAddresses(s),
            CertificateSubject = ReadSubject(s),
            CertificateSha256 = ReadFingerprint(s),
        };
        if (Tls is null && (access.RequiresTls || access.NeedsCertificate)) s.Fault("the session needs TLS and there is no SSLAcceptPort: it could never log on");
        if (access.CertificateSubject is not null && Authorities.Count == 0) s.Fault("SSLClientCertificateSubject without SSLCACertificate: anybody can write a name on a certificate");
        if (Tls is { RequiresClientCertificate: true } && Authorities.Count == 0 && access.CertificateSha256 is null)
            s.Fault("SSLRequireClientCertificate without SSLCACertificate or SSLClientCertificateSHA256: any certificate would do");
        _sessions.Add(access);
        return access;
    }

    private void Load(TlsSettings? tls, Section s)
    {
        Tls = tls;
        if (tls is null) return;
        var faults = new List<string>();
        Certificate = tls.LoadCertificate(faults);
        Authorities = tls.LoadAuthorities(faults);
        foreach (var fault in faults) s.Fault(fault);
    }

    private static AddressList ReadAddresses(Section s)
    {
        var text = s.Text("AllowedRemoteAddresses", "");
        if (text.Length == 0) return AddressList.Any;
        if (!AddressList.TryParse(text, out var list, out var fault)) s.Fault($"AllowedRemoteAddresses: {fault}");
        return list;
    }

    private static string? ReadSubject(Section s)
    {
        var text = s.Text("SSLClientCertificateSubject", "");
        if (text.Length == 0) return null;
        try
        {
            return new X500DistinguishedName(text).Name;
        }
        catch (CryptographicException e)
        {
            s.Fault($"SSLClientCertificateSubject={text} is not a distinguished name: {e.Message}");
            return text;
        }
    }

    private static string? ReadFingerprint(Section s)
    {
        var text = s.Text("SSLClientCertificateSHA256", "").Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        if (text.Length == 0) return null;
        if (text.Length != SHA256.HashSizeInBytes * 2 || !text.All(char.IsAsciiHexDigit)) s.Fault("SSLClientCertificateSHA256 is not 64 hexadecimal digits");
        return text;
    }
}
