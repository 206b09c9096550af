using System.Net;
using System.Security.Authentication;

namespace Venue.Host;

/// <summary>Who is at the other end of a connection, as far as the transport can tell.</summary>
/// <param name="EndPoint">Address and port of the other end.</param>
/// <param name="Tls">What the TLS handshake showed; null for a plain connection.</param>
public sealed record Peer(IPEndPoint EndPoint, TlsPeer? Tls);

/// <summary>What a TLS handshake showed.</summary>
/// <param name="Protocol">TLS 1.2 or 1.3.</param>
/// <param name="Subject">Subject of the client's certificate; null when there is none, or none that a trusted authority issued.</param>
/// <param name="Sha256">SHA-256 of the client's certificate in upper-case hexadecimal; null when there is none.</param>
public sealed record TlsPeer(SslProtocols Protocol, string? Subject, string? Sha256);
