using System.Globalization;
using Grpc.Core;
using Venue.Api;
using Venue.Messages;

namespace Custody.Host.Venue;

/// <summary>The venue's Operations over gRPC.</summary>
public sealed class OperationsClient(Operations.OperationsClient client, string token) : IVenue
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Metadata _headers = new() { { "authorization", $"Bearer {token}" } };

    /// <inheritdoc/>
    public void Credit(int firm, int asset, Amount amount, string key) =>
        Ask(key, o => client.Credit(new CreditRequest { Firm = firm, Asset = asset, Atoms = AtomsText.Of(amount), Key = key }, o));

    /// <inheritdoc/>
    public string? Hold(int firm, int asset, Amount amount, string key)
    {
        try
        {
            Ask(key, o => client.HoldWithdrawal(new HoldWithdrawalRequest { Firm = firm, Asset = asset, Atoms = AtomsText.Of(amount), Key = key }, o));
            return null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            return e.Status.Detail;
        }
    }

    /// <inheritdoc/>
    public void Settle(string key) => Ask(key, o => client.SettleWithdrawal(new WithdrawalKey { Key = key }, o));

    /// <inheritdoc/>
    public void Release(string key) => Ask(key, o => client.ReleaseWithdrawal(new WithdrawalKey { Key = key }, o));

    /// <inheritdoc/>
    public (long Seq, IReadOnlyList<VenueBalance> Balances) Balances()
    {
        var reply = Ask("balances", o => client.Balances(new BalancesRequest(), o));
        return (reply.Seq, [.. reply.Balances.Select(b => new VenueBalance(b.Firm, b.Asset,
            AtomsText.Read(b.AvailableAtoms) + AtomsText.Read(b.HeldAtoms), AtomsText.Read(b.WithdrawingAtoms)))]);
    }

    private T Ask<T>(string what, Func<CallOptions, T> call)
    {
        try
        {
            return call(new CallOptions(_headers, DateTime.UtcNow + Patience));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled
            or StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.Internal or StatusCode.Unknown
            or StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            // Also a token that the venue does not take: nothing was done, and somebody can mend it while we wait.
            throw new VenueUnavailableException($"venue: {what}: {e.StatusCode} {e.Status.Detail}", e);
        }
    }
}

/// <summary>Amounts as the venue writes them: decimal text of atoms, signed.</summary>
internal static class AtomsText
{
    public static string Of(Amount amount) => amount.Atoms.ToString(CultureInfo.InvariantCulture);

    /// <summary>Empty is zero, as protobuf leaves out what is empty.</summary>
    public static Amount Read(string text) => text.Length == 0 ? default : new Amount(Int128.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
