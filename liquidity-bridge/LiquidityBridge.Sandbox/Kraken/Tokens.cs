using System.Security.Cryptography;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>Tokens for private requests, given out over REST.</summary>
internal sealed class Tokens
{
    /// <summary>How long a token is good for, seconds.</summary>
    public const int LifeSeconds = 900;

    private const int TokensMax = 10_000;

    private readonly Dictionary<string, (Account Account, long UntilNs)> _tokens = [];
    private readonly Queue<string> _oldest = new();

    /// <summary>A new token for an account.</summary>
    public string New(Account account, long nowNs)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=');
        _tokens[token] = (account, nowNs + LifeSeconds * 1_000_000_000L);
        _oldest.Enqueue(token);
        if (_oldest.Count > TokensMax) _tokens.Remove(_oldest.Dequeue());
        return token;
    }

    /// <summary>Whose token it is; null when it is not one, or not any more.</summary>
    public Account? Find(string token, long nowNs) => _tokens.TryGetValue(token, out var entry) && nowNs < entry.UntilNs ? entry.Account : null;

    /// <summary>None of the tokens so far is good any more.</summary>
    public void Expire() => _tokens.Clear();
}
