namespace LiquidityBridge.Sandbox.Market;

/// <summary>Whose orders they are: credentials, and what the owner has.</summary>
internal sealed class Account(string name)
{
    private readonly SortedDictionary<string, Balance> _balances = new(StringComparer.Ordinal);

    /// <summary>One asset, in atoms.</summary>
    public sealed class Balance
    {
        /// <summary>All of it.</summary>
        public Int128 Total { get; set; }

        /// <summary>What open orders could cost.</summary>
        public Int128 Held { get; set; }

        /// <summary>What a new order may use.</summary>
        public Int128 Available => Total - Held;
    }

    /// <summary>For people to read.</summary>
    public string Name { get; } = name;

    /// <summary>The house's makers and takers: they trade for ever and nobody is told.</summary>
    public bool IsHouse { get; init; }

    /// <summary>Name of the key that requests are signed with; empty when the account has none.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>What requests are verified with: the key's secret, decoded from base64 where the protocol has it so, or its public half.</summary>
    public byte[] ApiSecret { get; init; } = [];

    /// <summary>The key's passphrase; empty when the protocol has none.</summary>
    public string Passphrase { get; init; } = "";

    /// <summary>Binance: the key that its Ed25519 public key is registered under; empty when there is none.</summary>
    public string Ed25519Key { get; init; } = "";

    /// <summary>Binance: the public key, 32 bytes.</summary>
    public byte[] Ed25519Public { get; init; } = [];

    /// <summary>Largest nonce seen; a request must bring a larger one.</summary>
    public ulong LastNonce { get; set; }

    /// <summary>All balances, by asset code.</summary>
    public IReadOnlyDictionary<string, Balance> Balances => _balances;

    /// <summary>The balance of an asset, made when it is first asked for.</summary>
    public Balance this[string asset]
    {
        get
        {
            if (!_balances.TryGetValue(asset, out var balance)) _balances[asset] = balance = new Balance();
            return balance;
        }
    }
}
