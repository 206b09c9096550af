using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Venue.Host;

/// <summary>The TLS port, as [DEFAULT] of sessions.cfg has it. Names are those of QuickFIX/n and QuickFIX/J where they have one.</summary>
public sealed record TlsSettings
{
    /// <summary>SSLAcceptPort: the TCP port; 0 for any free one.</summary>
    public required int Port { get; init; }

    /// <summary>SSLProtocols: Tls12, Tls13 or both.</summary>
    public required SslProtocols Protocols { get; init; }

    /// <summary>SSLCertificate: a PEM chain, leaf first, or a PKCS#12 file.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>SSLCertificateKey: the PEM private key; empty when it is in the certificate's file.</summary>
    public required string KeyFile { get; init; }

    /// <summary>SSLCertificatePassword: of the PKCS#12 file or of an encrypted key; empty for none.</summary>
    public required string Password { get; init; }

    /// <summary>SSLCACertificate: PEM file of the authorities that issue client certificates; empty for none.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>SSLRequireClientCertificate: no connection without a client certificate.</summary>
    public required bool RequiresClientCertificate { get; init; }

    /// <summary>SSLHandshakeTimeout: from the accept to the end of the handshake, seconds.</summary>
    public required int HandshakeTimeoutSeconds { get; init; }

    /// <summary>SSLHandshakesMax: handshakes under way at once; more are cut off at the accept.</summary>
    public required int HandshakesMax { get; init; }

    /// <summary>Reads the settings that a section has, its own or from [DEFAULT]; null when there is no TLS port.</summary>
    internal static TlsSettings? Read(Section s, string config)
    {
        var port = s.Text("SSLAcceptPort", "");
        var settings = new TlsSettings
        {
            Port = port.Length == 0 ? -1 : s.Number("SSLAcceptPort", 0, 0, 65535),
            Protocols = ReadProtocols(s),
            CertificateFile = Place(s.Text("SSLCertificate", "")),
            KeyFile = Place(s.Text("SSLCertificateKey", "")),
            Password = s.Text("SSLCertificatePassword", ""),
            AuthorityFile = Place(s.Text("SSLCACertificate", "")),
            RequiresClientCertificate = s.Flag("SSLRequireClientCertificate", false),
            HandshakeTimeoutSeconds = s.Number("SSLHandshakeTimeout", 5, 1, 60),
            HandshakesMax = s.Number("SSLHandshakesMax", 64, 1, 4096),
        };
        if (settings.Port >= 0) return settings;
        if (settings.CertificateFile.Length > 0) s.Fault("SSLCertificate without SSLAcceptPort: there is no TLS port to use it on");
        return null;

        string Place(string file) => file.Length == 0 ? "" : Path.Combine(config, file);
    }

    private static SslProtocols ReadProtocols(Section s)
    {
        var protocols = SslProtocols.None;
        foreach (var word in s.Text("SSLProtocols", "Tls12,Tls13").Split([',', '|', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "Tls12") protocols |= SslProtocols.Tls12;
            else if (word == "Tls13") protocols |= SslProtocols.Tls13;
            else s.Fault($"SSLProtocols: '{word}' is neither Tls12 nor Tls13; older ones are broken");
        }
        if (protocols == SslProtocols.None) s.Fault("SSLProtocols names no protocol");
        return protocols;
    }

    /// <summary>The certificate with its key and its chain; a text in <paramref name="faults"/> when the files do not give them.</summary>
    public X509Certificate2Collection LoadCertificate(List<string> faults)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            if (CertificateFile.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || CertificateFile.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
            {
                chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(CertificateFile, Password);
                if (chain.FirstOrDefault(c => c.HasPrivateKey) is not { } own) faults.Add($"SSLCertificate '{CertificateFile}' has no private key");
                else if (chain.IndexOf(own) is var at and > 0) (chain[0], chain[at]) = (own, chain[0]);
            }
            else
            {
                var key = KeyFile.Length > 0 ? KeyFile : CertificateFile;
                var own = Password.Length > 0
                    ? X509Certificate2.CreateFromEncryptedPemFile(CertificateFile, Password, key)
                    : X509Certificate2.CreateFromPemFile(CertificateFile, key);
                chain.ImportFromPemFile(CertificateFile);
                chain[0] = own;
            }
            if (faults.Count == 0 && chain[0].NotAfter.ToUniversalTime() < DateTime.UtcNow)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"SSLCertificate '{CertificateFile}' expired on {chain[0].NotAfter.ToUniversalTime():yyyy-MM-dd}: no client would connect"));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"SSLCertificate '{CertificateFile}': {e.Message}");
        }
        return chain;
    }

    /// <summary>The authorities of client certificates; a text in <paramref name="faults"/> when the file does not give them.</summary>
    public X509Certificate2Collection LoadAuthorities(List<string> faults)
    {
        var authorities = new X509Certificate2Collection();
        if (AuthorityFile.Length == 0) return authorities;
        try
        {
            authorities.ImportFromPemFile(AuthorityFile);
            if (authorities.Count == 0) faults.Add($"SSLCACertificate '{AuthorityFile}' has no certificate");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"SSLCACertificate '{AuthorityFile}': {e.Message}");
        }
        return authorities;
    }
}
