using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Fix;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>
/// The files of fix-config as Commands: only what the engine does not hold already. A new venue gets all, a running one
/// what was added or what may change (limits, fees, bands).
/// </summary>
public sealed partial class Reference
{
    private readonly List<byte[]> _commands = [];
    private readonly List<string> _faults;
    private readonly Known _known;
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _symbols = [];
    private readonly List<PhaseSchedule> _schedules = [];

    private Reference(Known known, List<string> faults) => (_known, _faults) = (known, faults);

    /// <summary>Reads instruments.cfg, firms.cfg and the sessions of <paramref name="sessions"/> against what is known.</summary>
    /// <param name="config">The folder.</param>
    /// <param name="sessions">What sessions.cfg says.</param>
    /// <param name="orders">Orders that the engine is to be sized for.</param>
    /// <param name="knownOrders">Orders that the journal's engine was sized for; null for a new venue.</param>
    /// <param name="known">What the journal says.</param>
    /// <param name="faults">Every fault found is added here.</param>
    /// <returns>Commands to publish, in order, and remarks for the operator.</returns>
    public static (IReadOnlyList<byte[]> Commands, IReadOnlyList<string> Notes) Read(string config, IReadOnlyList<ConfiguredSession> sessions, int orders, int? knownOrders, Known known, List<string> faults) =>
        Read(config, sessions, orders, knownOrders, known, faults, out _);

    /// <inheritdoc cref="Read(string, IReadOnlyList{ConfiguredSession}, int, int?, Known, List{string})"/>
    /// <param name="schedules">The phases that instruments change to by the clock.</param>
    internal static (IReadOnlyList<byte[]> Commands, IReadOnlyList<string> Notes) Read(string config, IReadOnlyList<ConfiguredSession> sessions, int orders, int? knownOrders, Known known, List<string> faults, out IReadOnlyList<PhaseSchedule> schedules)
    {
        var reference = new Reference(known, faults);
        reference.Size(orders, knownOrders);
        reference.Instruments(config);
        reference.Firms(config);
        reference.Sessions(sessions);
        reference.Margin(config);
        schedules = reference._schedules;
        return (reference._commands, reference._notes);
    }

    private readonly Dictionary<string, DefineAsset> _assets = [];
    private readonly Dictionary<string, int> _firms = [];

    private void Size(int orders, int? knownOrders)
    {
        if (knownOrders is null)
        {
            var command = New<DefineVenue>(CommandType.DefineVenue);
            command.Orders = orders;
            command.ClOrdIDs = orders * 2;
            command.LevelPages = new EngineCapacity().LevelPages;
            command.HashKey = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            Add(command);
        }
        else if (knownOrders != orders)
        {
            _notes.Add($"orders: the journal was begun with room for {knownOrders} and keeps it; {orders} would count for a new data folder");
        }
    }

    private void SelfTrade(in DefineSelfTrade selfTrade, int session)
    {
        var command = selfTrade;
        command.DefinedSession = session;
        command.Header = New<DefineSelfTrade>(CommandType.DefineSelfTrade).Header;
        var before = _known.SelfTrades.TryGetValue(session, out var known) ? known : new DefineSelfTrade { DefinedSession = session };
        if ((before.Group, before.Mode) != (command.Group, command.Mode)) Add(command);
    }

    /// <summary>What is agreed with a liquidity provider, where it is another than so far; what is not said any more ends.</summary>
    private void Quoting(ConfiguredSession session, int number)
    {
        if (session.Profile.Kind != SessionKind.LiquidityProvider) return;
        var texts = session.Quoting.ToDictionary();
        texts.TryAdd("", "");
        foreach (var (_, instrument) in _known.Quoting.Keys.Where(key => key.Session == number && key.Instrument != 0)) texts.TryAdd(_known.Instruments[instrument - 1].Symbol.ToString(), "");
        foreach (var (symbol, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            DefineInstrument? instrument = null;
            if (symbol.Length > 0)
            {
                if (!_instruments.TryGetValue(symbol, out var found))
                {
                    if (text.Length > 0) _faults.Add($"{session.Where} Quoting.{symbol}: {symbol} is not an [INSTRUMENT] of instruments.cfg");
                    continue;
                }
                instrument = found;
            }
            var quoteDecimals = instrument is { } i ? _assets.Values.First(asset => asset.Asset == i.QuoteAsset).Decimals : 0;
            if (!QuotingSettings.TryRead(text, instrument, quoteDecimals, out var command, out var fault))
            {
                _faults.Add($"{session.Where} Quoting{(symbol.Length > 0 ? "." : "")}{symbol}: {fault}");
                continue;
            }
            command.DefinedSession = number;
            command.Header = New<DefineQuoting>(CommandType.DefineQuoting).Header;
            if (!_known.Quoting.TryGetValue((number, command.Instrument), out var before) || !SameButHeader(before, command)) Add(command);
        }
        if (_known.LastLooks.GetValueOrDefault(number) == session.LastLookMs) return;
        var look = New<DefineLastLook>(CommandType.DefineLastLook);
        (look.DefinedSession, look.HoldMs) = (number, session.LastLookMs);
        Add(look);
    }

    private void Sessions(IReadOnlyList<ConfiguredSession> sessions)
    {
        var next = _known.Sessions.Count + 1;
        foreach (var session in sessions)
        {
            foreach (var symbol in session.Profile.Symbols ?? new HashSet<string>())
                if (!_symbols.Contains(symbol)) _faults.Add($"{session.Where} Instruments: {symbol} is not an [INSTRUMENT] of instruments.cfg");
            var firm = 0;
            if (session.Firm.Length > 0 && !_firms.TryGetValue(session.Firm, out firm))
            {
                _faults.Add($"{session.Where} Firm={session.Firm} is not a [FIRM] of firms.cfg");
                continue;
            }
            var command = New<DefineSession>(CommandType.DefineSession);
            command.Firm = firm;
            command.ClientCompID = Text40.From(session.Settings.TargetCompID);
            command.VenueCompID = Text40.From(session.Settings.SenderCompID);
            var at = _known.Sessions.FindIndex(k => k.ClientCompID == command.ClientCompID && k.VenueCompID == command.VenueCompID);
            if (at >= 0)
            {
                if (_known.Sessions[at].Firm is var before && before != firm) _faults.Add($"{session.Where} belongs to {(before == 0 ? "no firm" : $"firm {_known.Firms[before - 1].Name}")} in the journal, and its orders hold that firm's money: define a new session instead");
                _sessions[session.Settings.TargetCompID] = (at + 1, firm);
                SelfTrade(session.SelfTrade, at + 1);
                Quoting(session, at + 1);
                continue;
            }
            command.DefinedSession = next++;
            Add(command);
            _sessions[session.Settings.TargetCompID] = (command.DefinedSession, firm);
            SelfTrade(session.SelfTrade, command.DefinedSession);
            Quoting(session, command.DefinedSession);
        }
    }

    private IEnumerable<(string Name, Section Reader, IEnumerable<(string Key, string Value)> Entries)> Read(string config, string name)
    {
        var path = Path.Combine(config, name);
        if (!File.Exists(path))
        {
            _faults.Add($"{path}: the file does not exist");
            yield break;
        }
        var file = SettingsFile.Parse(File.ReadAllText(path), path);
        _faults.AddRange(file.Faults);
        foreach (var section in file.Sections)
            yield return (section.Name, new Section(section, path, _faults), section.Entries.Select(e => (e.Key, e.Value)));
    }

    private static T New<T>(CommandType type) where T : unmanaged
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        return Command.Begin<T>(slot, type);
    }

    private void Add<T>(in T command) where T : unmanaged => _commands.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).ToArray());

    private static bool SameButHeader<T>(in T a, in T b) where T : unmanaged
    {
        var header = System.Runtime.CompilerServices.Unsafe.SizeOf<CommandHeader>();
        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in a))[header..].SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in b))[header..]);
    }

    internal static bool IsText(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && text.All(c => c is > ' ' and < (char)127);
}
