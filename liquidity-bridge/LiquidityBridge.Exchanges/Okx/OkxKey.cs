using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>An API key.</summary>
/// <param name="ApiKey">Its name.</param>
/// <param name="Secret">What it signs with, as OKX shows it.</param>
/// <param name="Passphrase">Chosen when it was made.</param>
public sealed record OkxKey(string ApiKey, string Secret, string Passphrase)
{
    /// <summary>docs-v5, "Login": base64(HMAC-SHA256(text, secret)).</summary>
    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public override string ToString() => ApiKey;
}

/// <summary>What OKX allows an account, over all its connections (docs-v5, rate limits of each request).</summary>
internal sealed class OkxLimits
{
    private const long WindowNs = 2_000_000_000;
    private const int OrdersMax = 60, QuestionsMax = 60, BooksMax = 40;

    private readonly Dictionary<Market, SlidingLimit> _orders = [], _cancels = [];

    /// <summary>GET /trade/order and /trade/fills, each.</summary>
    public SlidingLimit Queries { get; } = new(QuestionsMax, WindowNs);

    /// <summary>GET /market/books, by address.</summary>
    public SlidingLimit Books { get; } = new(BooksMax, WindowNs);

    /// <summary>New orders of one instrument.</summary>
    public SlidingLimit Orders(Market market) => Of(_orders, market);

    /// <summary>Cancels of one instrument.</summary>
    public SlidingLimit Cancels(Market market) => Of(_cancels, market);

    private static SlidingLimit Of(Dictionary<Market, SlidingLimit> limits, Market market)
    {
        if (!limits.TryGetValue(market, out var limit)) limits[market] = limit = new SlidingLimit(OrdersMax, WindowNs);
        return limit;
    }
}
