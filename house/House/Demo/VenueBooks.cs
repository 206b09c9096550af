using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using House.Prepare;
using Venue.Api;

namespace House.Demo;

/// <summary>The engine's balances, at one sequence number.</summary>
internal sealed class VenueBooks(int apiPort, string tokens, VenueNames names) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{apiPort}");

    /// <summary>What a firm has of an asset, open orders and withdrawals included.</summary>
    public decimal Owns(string firm, string asset) => Read().Of(firm, asset);

    /// <summary>All balances now.</summary>
    public Cut Read()
    {
        var headers = new Metadata { { "authorization", "Bearer " + ApiTokens.Of("operator", tokens) } };
        return new Cut(new Operations.OperationsClient(_channel).Balances(new BalancesRequest(), new CallOptions(headers, DateTime.UtcNow.AddSeconds(20))), names);
    }

    public void Dispose() => _channel.Dispose();

    /// <summary>One reading.</summary>
    internal sealed class Cut(BalancesReply reply, VenueNames names)
    {
        /// <summary>The command after which it was taken.</summary>
        public long Seq => reply.Seq;

        /// <summary>What a firm has of an asset, open orders and withdrawals included.</summary>
        public decimal Of(string firm, string asset)
        {
            var balance = reply.Balances.FirstOrDefault(b => b.Firm == names.Firm(firm) && b.Asset == names.Asset(asset));
            return balance is null ? 0 : Units.FromAtoms(Number(balance.AvailableAtoms) + Number(balance.HeldAtoms) + Number(balance.WithdrawingAtoms), names.Decimals(asset));
        }

        private static decimal Number(string text) => text.Length == 0 ? 0 : decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}

/// <summary>Atoms and units.</summary>
internal static class Units
{
    /// <summary>Atoms as units of the asset.</summary>
    public static decimal FromAtoms(decimal atoms, int decimals) => atoms / (decimal)Math.Pow(10, decimals);

    /// <summary>Units as whole atoms.</summary>
    public static System.Numerics.BigInteger ToAtoms(decimal units, int decimals) => new(units * (decimal)Math.Pow(10, decimals));
}
