using System.Globalization;

namespace LiquidityBridge.Sandbox;

/// <summary>The command line.</summary>
internal sealed record Options
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        usage: sandbox [--kraken-port N] [--fix-port N] [--okx-port N] [--coinbase-port N] [--coinbase-exchange-port N] [--binance-port N] [--control-port N] [--seed N] [--scripted] [--market FILE] [--market-speed N] [--record FILE] [--settings FILE] [--data DIR]
        Ports are 0 (any free one) unless given. --scripted: books stay empty until the control port sets them.
        --market: a recorded market instead of the synthetic one, --market-speed times as fast; --record: writes such a file.
        --data: where sequence numbers of FIX sessions are kept over a restart; without it they begin at 1.
        """;

    /// <summary>Port of Kraken's REST and WebSockets; 0 for a free one.</summary>
    public int KrakenPort { get; init; }

    /// <summary>FIX port; 0 for a free one.</summary>
    public int FixPort { get; init; }

    /// <summary>Port of OKX's REST and WebSockets; 0 for a free one.</summary>
    public int OkxPort { get; init; }

    /// <summary>Port of Coinbase's REST and WebSockets; 0 for a free one.</summary>
    public int CoinbasePort { get; init; }

    /// <summary>Port of Coinbase Exchange's REST and WebSocket; 0 for a free one.</summary>
    public int CoinbaseExchangePort { get; init; }

    /// <summary>Port of Binance's REST and WebSockets; 0 for a free one.</summary>
    public int BinancePort { get; init; }

    /// <summary>Control port; 0 for a free one.</summary>
    public int ControlPort { get; init; }

    /// <summary>Seed of the synthetic markets.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A recorded market; null for the synthetic one.</summary>
    public string? MarketFile { get; init; }

    /// <summary>So many times as fast as it was recorded.</summary>
    public int MarketSpeed { get; init; } = 1;

    /// <summary>The market is written into this file; null for none.</summary>
    public string? RecordFile { get; init; }

    /// <summary>No market but what the control port makes.</summary>
    public bool Scripted { get; init; }

    /// <summary>The settings file.</summary>
    public string SettingsFile { get; init; } = Path.Combine(AppContext.BaseDirectory, "sandbox.cfg");

    /// <summary>Folder of what outlives a restart; null for nothing.</summary>
    public string? Data { get; init; }

    /// <summary>Reads the arguments; <paramref name="fault"/> says what is wrong with them.</summary>
    public static Options Read(IReadOnlyList<string> arguments, out string? fault)
    {
        var options = new Options();
        fault = null;
        for (var i = 0; i < arguments.Count && fault is null; i++)
        {
            var name = arguments[i];
            if (name == "--scripted")
            {
                options = options with { Scripted = true };
                continue;
            }
            if (i + 1 == arguments.Count)
            {
                fault = $"'{name}' is not an option, or lacks its value";
                break;
            }
            var value = arguments[++i];
            options = name switch
            {
                "--kraken-port" => options with { KrakenPort = Port(name, value, ref fault) },
                "--fix-port" => options with { FixPort = Port(name, value, ref fault) },
                "--okx-port" => options with { OkxPort = Port(name, value, ref fault) },
                "--coinbase-port" => options with { CoinbasePort = Port(name, value, ref fault) },
                "--coinbase-exchange-port" => options with { CoinbaseExchangePort = Port(name, value, ref fault) },
                "--binance-port" => options with { BinancePort = Port(name, value, ref fault) },
                "--control-port" => options with { ControlPort = Port(name, value, ref fault) },
                "--seed" => options with { Seed = Number(name, value, ulong.MaxValue, ref fault) },
                "--market" => options with { MarketFile = value },
                "--market-speed" => options with { MarketSpeed = Math.Max(1, (int)Number(name, value, 1_000_000, ref fault)) },
                "--record" => options with { RecordFile = value },
                "--data" => options with { Data = value },
                "--settings" => options with { SettingsFile = value },
                _ => Unknown(name, options, ref fault),
            };
        }
        return options;
    }

    private static Options Unknown(string name, Options options, ref string? fault)
    {
        fault = $"'{name}' is not an option";
        return options;
    }

    private static int Port(string name, string value, ref string? fault) => (int)Number(name, value, ushort.MaxValue, ref fault);

    private static ulong Number(string name, string value, ulong max, ref string? fault)
    {
        if (ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max) return number;
        fault = $"{name} {value}: not a number from 0 to {max}";
        return 0;
    }
}
