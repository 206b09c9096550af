using Venue.Messages;

namespace Venue.Host;

/// <summary>The definitions that the engine has taken, so that the files are compared with what is there.</summary>
public sealed class Known
{
    /// <summary>Assets by number, from 1.</summary>
    public List<DefineAsset> Assets { get; } = [];

    /// <summary>Instruments by number, from 1.</summary>
    public List<DefineInstrument> Instruments { get; } = [];

    /// <summary>Firms by number, from 1.</summary>
    public List<DefineFirm> Firms { get; } = [];

    /// <summary>Sessions by number, from 1.</summary>
    public List<DefineSession> Sessions { get; } = [];

    /// <summary>How each instrument trades, by number; only of those for which it was ever set.</summary>
    public Dictionary<int, DefineTrading> Trading { get; } = [];

    /// <summary>The self-trade defaults of each session, by number; only of those for which they were ever set.</summary>
    public Dictionary<int, DefineSelfTrade> SelfTrades { get; } = [];

    /// <summary>What is agreed with liquidity providers, by session and instrument (0 for all).</summary>
    public Dictionary<(int Session, int Instrument), DefineQuoting> Quoting { get; } = [];

    /// <summary>How long providers may look at hits, in milliseconds, by session; only of those for which it was ever said.</summary>
    public Dictionary<int, int> LastLooks { get; } = [];

    /// <summary>What is defined of margin.</summary>
    public KnownMargin Margin { get; } = new();

    /// <summary>Idempotency keys of the opening balances paid in.</summary>
    public HashSet<Text40> OpeningKeys { get; } = [];

    /// <summary>While the files are being put into the engine: what it refused of them. Null at any other time.</summary>
    public List<Refused>? Refusals { get; set; }

    /// <summary>The key under which a firm's opening balance of an asset is paid in, once.</summary>
    public static Text40 OpeningKey(int firm, int asset) => Text40.From($"{OpeningPrefix}{firm}/{asset}");

    /// <summary>Notes an operator's command that was taken, when the files say it too.</summary>
    internal void Note(ReadOnlySpan<byte> command)
    {
        if (Command.Header(command).Type == CommandType.DefineLastLook)
        {
            ref readonly var look = ref Command.As<DefineLastLook>(command);
            LastLooks[look.DefinedSession] = look.HoldMs;
        }
        else Margin.Note(command);
    }

    /// <summary>Notes a credit when it is an opening balance.</summary>
    public void Credited(in Text40 key)
    {
        if (key.Span.StartsWith("opening/"u8)) OpeningKeys.Add(key);
    }

    private const string OpeningPrefix = "opening/";

    /// <summary>Replaces the entry of this number, or adds it.</summary>
    public static void Put<T>(List<T> list, int number, in T definition)
    {
        if (number <= list.Count) list[number - 1] = definition;
        else list.Add(definition);
    }
}
