using Grpc.Core;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What an act takes.</summary>
/// <param name="Role">The role of everybody who has a hand in it.</param>
/// <param name="Persons">1, or 2 for what is dangerous: money, what a firm may risk, trades that were made, and letting trade again what was stopped.</param>
/// <param name="What">In words, for the record.</param>
internal sealed record ActTerms(OperatorRoles Role, int Persons, string What)
{
    private const int ReasonMax = 200;

    /// <summary>The terms of an act.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it names no act, or has no reason.</exception>
    public static ActTerms Of(Wire.ActRequest request)
    {
        if (request.Reason.Trim().Length is 0 or > ReasonMax) throw Invalid($"every act has a reason of 1 to {ReasonMax} characters");
        return request.ActCase switch
        {
            Wire.ActRequest.ActOneofCase.Kill when request.Kill.Engaged => new(OperatorRoles.Risk, 1, $"engage the kill switch of {Covered(request.Kill)}"),
            Wire.ActRequest.ActOneofCase.Kill => new(OperatorRoles.Risk, 2, $"lift the kill switch of {Covered(request.Kill)}"),
            Wire.ActRequest.ActOneofCase.Phase => new(OperatorRoles.Trading, 1, $"{request.Phase.Symbol} to {request.Phase.Phase}"),
            Wire.ActRequest.ActOneofCase.Credit => new(OperatorRoles.Treasury, 2, $"credit {request.Credit.Firm} {request.Credit.Amount} {request.Credit.Asset} under {request.Credit.Key}"),
            Wire.ActRequest.ActOneofCase.Logout => new(OperatorRoles.Support, 1, $"log out {request.Logout.Session}"),
            Wire.ActRequest.ActOneofCase.Unblock => new(OperatorRoles.Support, 1, $"let {request.Unblock.Session} log on again"),
            Wire.ActRequest.ActOneofCase.Rate => new(OperatorRoles.Support, 1, $"rate of {request.Rate.Session} to {(request.Rate.PerSecond == 0 ? "no limit" : $"{request.Rate.PerSecond}/s, {Math.Max(request.Rate.Burst, 1)} at once")}"),
            Wire.ActRequest.ActOneofCase.MessageLog => new(OperatorRoles.Support, 1, $"message log of {request.MessageLog.Session} {(request.MessageLog.On ? "on" : "off")}"),
            Wire.ActRequest.ActOneofCase.Limits => new(OperatorRoles.Risk, 2, $"limits {request.Limits}"),
            Wire.ActRequest.ActOneofCase.Fees => new(OperatorRoles.Treasury, 2, $"fees {request.Fees}"),
            Wire.ActRequest.ActOneofCase.Account => new(OperatorRoles.Treasury, 2, $"account {request.Account}"),
            Wire.ActRequest.ActOneofCase.CreditLine => new(OperatorRoles.Risk, 2, $"credit line of {request.CreditLine.Firm} to {request.CreditLine.Amount} {request.CreditLine.Asset}"),
            Wire.ActRequest.ActOneofCase.Trade when request.Trade is { Price: "", Quantity: "" } => new(OperatorRoles.Trading, 2, $"bust the trade {request.Trade.ExecId}"),
            Wire.ActRequest.ActOneofCase.Trade => new(OperatorRoles.Trading, 2, $"correct the trade {request.Trade.ExecId} to {request.Trade.Quantity} at {request.Trade.Price}"),
            Wire.ActRequest.ActOneofCase.IndexPrice => new(OperatorRoles.Trading, 1, $"index price of {request.IndexPrice.Symbol} to {request.IndexPrice.Price}"),
            Wire.ActRequest.ActOneofCase.MarginAsset => new(OperatorRoles.Risk, 2, $"margin counts {request.MarginAsset}"),
            Wire.ActRequest.ActOneofCase.MarginAccount => new(OperatorRoles.Risk, 2, $"margin of {request.MarginAccount}"),
            Wire.ActRequest.ActOneofCase.Liquidation => new(OperatorRoles.Risk, 2, $"liquidation {request.Liquidation}"),
            Wire.ActRequest.ActOneofCase.Insurance => new(OperatorRoles.Treasury, 2, $"insurance fund {request.Insurance.Firm}"),
            Wire.ActRequest.ActOneofCase.Interest => new(OperatorRoles.Treasury, 2, $"interest {request.Interest}"),
            _ => throw Invalid("the request names no act"),
        };
    }

    /// <summary>The request says what cannot be.</summary>
    public static RpcException Invalid(string text) => new(new Status(StatusCode.InvalidArgument, text));

    private static string Covered(Wire.KillAct kill) => kill.Target.Length == 0 ? $"the {kill.Scope}" : $"{kill.Scope} {kill.Target}";
}
