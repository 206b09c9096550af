namespace LiquidityBridge.Sandbox.Okx;

/// <summary>What of an order only OKX's protocol knows.</summary>
internal sealed class OkxTerms(string ordType, string tag)
{
    /// <summary>limit, market, post_only, fok, ioc.</summary>
    public string OrdType { get; } = ordType;

    /// <summary>The client's own.</summary>
    public string Tag { get; } = tag;

    /// <summary>docs-v5, "cancelSource"; empty while it was not canceled.</summary>
    public string CancelSource { get; set; } = "";
}
