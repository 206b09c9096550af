using System.Net.Sockets;
using Custody.Chains;
using Custody.Keys;
using Custody.Withdrawals;

namespace Custody.Host.Workers;

/// <summary>Asks the signer over its Unix socket; a connection for each request, since they are few and a broken one would lie.</summary>
public sealed class SignerClient(string socketPath, Func<string> token) : ISigner
{
    private const int PatienceMs = 60_000;

    /// <inheritdoc/>
    public SignerReply Sign(WithdrawalIntent intent, IReadOnlyList<Approval> approvals, UnsignedTransaction transaction) =>
        Ask(new SignRequest(intent.ToBytes(), approvals, transaction));

    /// <inheritdoc/>
    public SignerReply Void(WithdrawalIntent intent, string reason) => Ask(new VoidRequest(intent.ToBytes(), reason));

    /// <inheritdoc/>
    public SignerReply Addresses() => Ask(new AddressesRequest());

    /// <inheritdoc/>
    public SignerReply NewAddress(string chainID, string group) => Ask(new NewAddressRequest(chainID, group));

    /// <inheritdoc/>
    public SignerReply Halt(string reason) => Ask(new HaltRequest(reason));

    private SignerReply Ask(SignerRequest request)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            using var stream = new NetworkStream(socket) { ReadTimeout = PatienceMs, WriteTimeout = PatienceMs };
            SignerWire.Write(stream, new SignerEnvelope(token(), request));
            var reply = SignerWire.Read<SignerReply>(stream) ?? throw new IOException("the signer closed the connection");
            return reply is FaultReply fault ? throw new IOException(fault.Text) : reply;
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SignerUnavailableException($"signer: {e.Message}", e);
        }
    }
}
