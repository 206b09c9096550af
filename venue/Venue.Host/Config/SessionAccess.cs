namespace Venue.Host;

/// <summary>From where, and by what proof, a connection may be a session.</summary>
public sealed record SessionAccess
{
    /// <summary>SocketUseSSL: only over TLS. Otherwise over either port.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>AllowedRemoteAddresses: from where.</summary>
    public AddressList Addresses { get; init; } = AddressList.Any;

    /// <summary>SSLClientCertificateSubject: distinguished name on the client's certificate; null for none asked.</summary>
    public string? CertificateSubject { get; init; }

    /// <summary>SSLClientCertificateSHA256: fingerprint of the client's certificate, upper-case hexadecimal; null for none asked.</summary>
    public string? CertificateSha256 { get; init; }

    /// <summary>True when the session is bound to a certificate.</summary>
    public bool NeedsCertificate => CertificateSubject is not null || CertificateSha256 is not null;

    /// <summary>Why this peer may not be the session; null when it may.</summary>
    public string? Refusal(Peer peer)
    {
        if (!Addresses.Contains(peer.EndPoint.Address)) return "its address is not among the session's AllowedRemoteAddresses";
        if ((RequiresTls || NeedsCertificate) && peer.Tls is null) return "the session is served over TLS only";
        if (NeedsCertificate && peer.Tls!.Sha256 is null) return "the session needs a client certificate and there is none";
        if (CertificateSha256 is not null && CertificateSha256 != peer.Tls!.Sha256) return $"the client certificate {peer.Tls.Sha256} is not the session's";
        if (CertificateSubject is not null && CertificateSubject != peer.Tls!.Subject) return $"the client certificate of '{peer.Tls.Subject ?? "nobody trusted"}' is not the session's";
        return null;
    }
}
