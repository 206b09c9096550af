using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiquidityBridge.Sandbox.Fix;
using LiquidityBridge.Sandbox.Market;
using Venue.Fix;
using Venue.Matching;

namespace LiquidityBridge.Sandbox;

/// <summary>What the settings file says; its comments are the reference.</summary>
internal sealed class Settings
{
    /// <summary>The exchanges, by name.</summary>
    public static readonly IReadOnlyList<string> Exchanges = ["kraken", "fix", "okx", "coinbase", "coinbase-exchange", "binance"];

    private readonly List<string> _faults = [];
    private readonly List<(string Exchange, Instrument Instrument)> _instruments = [];
    private readonly List<(string Exchange, Account Account)> _accounts = [];
    private readonly List<FixMember> _members = [];

    private Settings()
    {
    }

    /// <summary>Everything wrong with the file; the sandbox does not start with one.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Bearer token of the control port.</summary>
    public string ControlToken { get; private set; } = "";

    /// <summary>FIX sessions that may log on.</summary>
    public IReadOnlyList<FixMember> Members => _members;

    /// <summary>What trades on an exchange.</summary>
    public IReadOnlyList<Instrument> Instruments(string exchange) => [.. _instruments.Where(i => i.Exchange == exchange).Select((i, n) => i.Instrument with { Index = n })];

    /// <summary>Who trades on an exchange.</summary>
    public IReadOnlyList<Account> Accounts(string exchange) => [.. _accounts.Where(a => a.Exchange == exchange).Select(a => a.Account)];

    /// <summary>Reads the file.</summary>
    public static Settings Read(string path)
    {
        var settings = new Settings();
        if (!File.Exists(path))
        {
            settings._faults.Add($"{path}: no such file");
            return settings;
        }
        var file = SettingsFile.Parse(File.ReadAllText(path), Path.GetFileName(path));
        settings._faults.AddRange(file.Faults);
        // Sessions name accounts, so those come first whatever the order in the file.
        foreach (var section in file.Sections.OrderBy(s => s.Name == "SESSION"))
        {
            var reader = new SectionReader(section, Path.GetFileName(path), settings._faults);
            switch (section.Name)
            {
                case "CONTROL":
                    settings.ControlToken = reader.Text("Token");
                    break;
                case "INSTRUMENT":
                    settings._instruments.Add((reader.Exchange(), Instrument(reader)));
                    break;
                case "ACCOUNT":
                    settings._accounts.Add((reader.Exchange(), Account(reader, section)));
                    break;
                case "SESSION":
                    settings.AddMember(reader);
                    break;
                case "DEFAULT":
                    break;
                default:
                    reader.Fault($"[{section.Name}] is not a section here");
                    break;
            }
        }
        if (settings.ControlToken.Length == 0) settings._faults.Add($"{path}: [CONTROL] Token is missing: the control port would be open to everybody");
        return settings;
    }

    private static Instrument Instrument(SectionReader reader)
    {
        var price = reader.Integer("PriceDecimals", 0, 8);
        var quantity = reader.Integer("QtyDecimals", 0, 8);
        if (price + quantity > Market.Instrument.AtomDecimals) reader.Fault($"PriceDecimals and QtyDecimals are more than {Market.Instrument.AtomDecimals} together: costs would not be exact");
        var start = reader.Scaled("StartPrice", price);
        if (start > Ladder.TicksMax / Market.Instrument.HighestPerStart) reader.Fault("StartPrice has too many ticks for a book: fewer PriceDecimals are needed");
        return new Instrument
        {
            Index = 0,
            Symbol = reader.Text("Symbol"),
            Base = reader.Text("Base"),
            Quote = reader.Text("Quote"),
            PriceDecimals = price,
            QtyDecimals = quantity,
            MinLots = reader.Scaled("MinQty", quantity),
            MaxLots = reader.Scaled("MaxQty", quantity),
            StartTicks = start,
            MakerFeePpm = reader.Integer("MakerFeePpm", 0, 100_000),
            TakerFeePpm = reader.Integer("TakerFeePpm", 0, 100_000),
        };
    }

    private static Account Account(SectionReader reader, SettingsSection section)
    {
        var exchange = reader.Exchange();
        var hasKey = exchange != "fix";
        // Coinbase's keys are pairs, of which an exchange has only the public half.
        var secret = hasKey ? reader.Text(exchange == "coinbase" ? "ApiPublicKey" : "ApiSecret") : "";
        var bytes = Encoding.UTF8.GetBytes(secret);
        // OKX and Binance sign with the secret's own letters.
        if (exchange is not ("okx" or "binance"))
        {
            if (!Convert.TryFromBase64String(secret, bytes, out var length)) reader.Fault("ApiSecret or ApiPublicKey is not base64");
            bytes = bytes[..length];
        }
        if (exchange == "coinbase" && !IsPublicKey(bytes)) reader.Fault("ApiPublicKey is not a P-256 public key (SubjectPublicKeyInfo in base64)");
        var publicKey = new byte[32];
        var ed25519 = reader.Optional("Ed25519Public");
        if (ed25519 is not null && (!Convert.TryFromBase64String(ed25519, publicKey, out var bytesRead) || bytesRead != publicKey.Length)) reader.Fault("Ed25519Public is not 32 bytes in base64");
        var account = new Account(reader.Text("Name"))
        {
            ApiKey = hasKey ? reader.Text("ApiKey") : "", ApiSecret = bytes, Passphrase = exchange is "okx" or "coinbase-exchange" ? reader.Text("Passphrase") : "",
            Ed25519Key = ed25519 is null ? "" : reader.Text("Ed25519Key"), Ed25519Public = publicKey,
        };
        foreach (var (key, _, _) in section.Entries)
            if (key.StartsWith("Balance.", StringComparison.Ordinal)) account[key["Balance.".Length..]].Total = reader.Scaled(key, Market.Instrument.AtomDecimals);
        return account;
    }

    private static bool IsPublicKey(byte[] bytes)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(bytes, out var read);
            return read == bytes.Length && key.KeySize == 256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private void AddMember(SectionReader reader)
    {
        var name = reader.Text("Account");
        if (Accounts("fix").FirstOrDefault(a => a.Name == name) is not { } account)
        {
            reader.Fault($"Account={name} is not an [ACCOUNT] of Exchange=fix");
            return;
        }
        _members.Add(new FixMember(reader.Text("SenderCompID"), reader.Text("TargetCompID"), account, reader.Optional("Password"), Style(reader)));
    }

    private static FixStyle? Style(SectionReader reader)
    {
        if (reader.Optional("Style") is not { } name) return null;
        if (!FixStyle.Names.Contains(name)) reader.Fault($"Style={name} is none of {string.Join(", ", FixStyle.Names)}");
        var secret = reader.Text("Secret");
        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret, bytes, out var length)) reader.Fault("Secret is not base64");
        return new FixStyle(name, bytes[..length], reader.Optional("OrderTag") is null ? 0 : reader.Integer("OrderTag", 1, 99_999));
    }

    /// <summary>One section's values, checked.</summary>
    private sealed class SectionReader(SettingsSection section, string file, List<string> faults)
    {
        public void Fault(string what) => faults.Add($"{file}:{section.Line}: [{section.Name}] {what}");

        public string? Optional(string key) => section.TryGet(key, out var value) ? value : null;

        public string Text(string key)
        {
            if (section.TryGet(key, out var value) && value.Length > 0) return value;
            Fault($"{key} is missing");
            return "";
        }

        public string Exchange()
        {
            var name = Text("Exchange");
            if (!Exchanges.Contains(name)) Fault($"Exchange={name} is none of {string.Join(", ", Exchanges)}");
            return name;
        }

        public int Integer(string key, int low, int high)
        {
            if (int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high) return value;
            Fault($"{key} is not a number from {low} to {high}");
            return low;
        }

        public long Scaled(string key, int decimals)
        {
            if (Decimals.TryScale(Text(key), decimals, out var value) && value > 0) return value;
            Fault($"{key} is not a positive number of at most {decimals} decimals");
            return 1;
        }
    }
}
