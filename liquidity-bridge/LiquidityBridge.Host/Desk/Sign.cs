namespace LiquidityBridge.Host.Desk;

/// <summary>Style classes of gains and losses.</summary>
internal static class Sign
{
    public static string Of(Int128 value) => value > 0 ? "gain" : value < 0 ? "loss" : "";
}
