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

    /// <summary>Idempotency keys of the credits taken.</summary>
    public HashSet<Text40> CreditKeys { get; } = [];

    /// <summary>Definitions that the engine refused.</summary>
    public List<Refused> Refusals { get; } = [];

    /// <summary>Replaces the entry of this number, or adds it.</summary>
    public static void Put<T>(List<T> list, int number, in T definition)
    {
        if (number <= list.Count) list[number - 1] = definition;
        else list.Add(definition);
    }
}
