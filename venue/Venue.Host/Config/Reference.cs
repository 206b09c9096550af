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

    private void Instruments(string config)
    {
        foreach (var known in _known.Assets) _assets[known.Code.ToString()] = known;
        var nextAsset = _known.Assets.Count + 1;
        var nextInstrument = _known.Instruments.Count + 1;
        var seen = new HashSet<string>();
        foreach (var section in Read(config, "instruments.cfg"))
        {
            if (section.Name == "ASSET") Asset(section.Reader, ref nextAsset, seen);
            else if (section.Name == "INSTRUMENT") Instrument(section.Reader, ref nextInstrument, seen);
            else section.Reader.Fault("is neither [ASSET] nor [INSTRUMENT]");
        }
        foreach (var known in _known.Instruments)
            if (!seen.Contains("INSTRUMENT " + known.Symbol)) _notes.Add($"{known.Symbol} is in the journal but not in instruments.cfg: it trades on with its last settings");
    }

    private void Asset(Section s, ref int next, HashSet<string> seen)
    {
        var code = s.Text("Code");
        var decimals = s.Number("Decimals", 8, 0, 18);
        s.Finish();
        if (!IsText(code, Text16.MaxLength))
        {
            s.Fault($"Code '{code}' is not 1 to {Text16.MaxLength} printable ASCII characters");
            return;
        }
        if (!seen.Add("ASSET " + code))
        {
            s.Fault($"Code {code} is defined twice");
            return;
        }
        if (_assets.TryGetValue(code, out var known))
        {
            if (known.Decimals != decimals) s.Fault($"{code} has {known.Decimals} decimals in the journal, and balances are counted in them: they cannot become {decimals}");
            return;
        }
        var command = New<DefineAsset>(CommandType.DefineAsset);
        command.Asset = next++;
        command.Decimals = decimals;
        command.Code = Text16.From(code);
        _assets[code] = command;
        Add(command);
    }

    private void Instrument(Section s, ref int next, HashSet<string> seen)
    {
        var faultsBefore = _faults.Count;
        var symbol = s.Text("Symbol");
        var baseCode = s.Text("Base");
        var quoteCode = s.Text("Quote");
        var tick = s.Decimal("TickSize");
        var lot = s.Decimal("LotSize");
        if (!_assets.TryGetValue(baseCode, out var baseAsset)) s.Fault($"Base={baseCode} is not an [ASSET] above");
        if (!_assets.TryGetValue(quoteCode, out var quoteAsset)) s.Fault($"Quote={quoteCode} is not an [ASSET] above");
        if (!IsText(symbol, Text16.MaxLength)) s.Fault($"Symbol '{symbol}' is not 1 to {Text16.MaxLength} printable ASCII characters");
        else if (!seen.Add("INSTRUMENT " + symbol)) s.Fault($"Symbol {symbol} is defined twice");
        _symbols.Add(symbol);
        if (tick.Mantissa <= 0 || tick.Mantissa > long.MaxValue || tick.Decimals > 18) s.Fault("TickSize is not a positive number of at most 18 decimals");
        if (lot.Mantissa <= 0 || lot.Mantissa > long.MaxValue || lot.Decimals > 18) s.Fault("LotSize is not a positive number of at most 18 decimals");
        var command = New<DefineInstrument>(CommandType.DefineInstrument);
        command.BaseAsset = baseAsset.Asset;
        command.QuoteAsset = quoteAsset.Asset;
        command.MakerFeePpm = (int)Bounded(s, "MakerFeeBps", s.Units("MakerFeeBps", 2, "a hundredth of a basis point", "0"), 0, 999_999);
        command.TakerFeePpm = (int)Bounded(s, "TakerFeeBps", s.Units("TakerFeeBps", 2, "a hundredth of a basis point", "0"), 0, 999_999);
        var trading = TradingSettings.Read(s);
        if (TradingSettings.ReadPhases(s, symbol) is { } schedule) _schedules.Add(schedule);
        command.BandPpm = (int)Bounded(s, "PriceBandPercent", s.Units("PriceBandPercent", 4, "a ten-thousandth of a percent", "0"), 0, 999_999);
        if (_faults.Count > faultsBefore)
        {
            // Without tick and lot the rest cannot be judged, but unknown keys can.
            foreach (var key in (string[])["MinQty", "MaxQty", "MaxPrice", "ReferencePrice"]) s.Text(key, "");
            s.Finish();
            return;
        }

        (command.TickMantissa, command.TickDecimals) = ((long)tick.Mantissa, tick.Decimals);
        (command.LotMantissa, command.LotDecimals) = ((long)lot.Mantissa, lot.Decimals);
        command.LotAtoms = (long)Atoms(s, "LotSize", lot, baseAsset, baseCode);
        var tickLot = (Mantissa: tick.Mantissa * lot.Mantissa, Decimals: tick.Decimals + lot.Decimals);
        command.TickLotAtoms = (long)Atoms(s, "TickSize times LotSize", tickLot, quoteAsset, quoteCode);
        command.MinLots = (long)Steps(s, "MinQty", lot, "LotSize");
        command.MaxLots = (long)Steps(s, "MaxQty", lot, "LotSize");
        command.MaxPriceTicks = (long)Bounded(s, "MaxPrice in ticks", Steps(s, "MaxPrice", tick, "TickSize"), 1, 1 << 28);
        command.ReferenceTicks = (long)Steps(s, "ReferencePrice", tick, "TickSize");
        s.Finish();
        if (command.MinLots > command.MaxLots) s.Fault("MinQty is above MaxQty: no order could be entered");
        if (command.ReferenceTicks > command.MaxPriceTicks) s.Fault("ReferencePrice is above MaxPrice");
        command.Symbol = Text16.From(symbol);
        var at = _known.Instruments.FindIndex(i => i.Symbol == command.Symbol);
        command.Instrument = at >= 0 ? at + 1 : next++;
        if (_faults.Count > faultsBefore) return;
        _instruments[symbol] = command;
        if (at >= 0)
        {
            var known = _known.Instruments[at];
            if (known.BaseAsset != command.BaseAsset || known.QuoteAsset != command.QuoteAsset || known.TickMantissa != command.TickMantissa || known.TickDecimals != command.TickDecimals
                || known.LotMantissa != command.LotMantissa || known.LotDecimals != command.LotDecimals)
            {
                s.Fault($"{symbol} has another Base, Quote, TickSize or LotSize in the journal, and its orders are counted in them: define a new symbol instead");
                return;
            }
            if (!SameButHeader(known, command))
            {
                _notes.Add($"{symbol}: limits, band or fees changed since the last start");
                Add(command);
            }
        }
        else Add(command);
        Trading(trading, command.Instrument);
    }

    /// <summary>How it trades, when that is another way than so far.</summary>
    private void Trading(in DefineTrading trading, int instrument)
    {
        var command = trading;
        command.Instrument = instrument;
        command.Header = New<DefineTrading>(CommandType.DefineTrading).Header;
        var before = _known.Trading.TryGetValue(instrument, out var known) ? known : new DefineTrading { Instrument = instrument };
        if (!SameButHeader(before, command)) Add(command);
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

    private static Int128 Atoms(Section s, string what, (Int128 Mantissa, int Decimals) size, in DefineAsset asset, string code)
    {
        if (Decimals.TryScale(size.Mantissa, size.Decimals, asset.Decimals, out var atoms) && atoms <= long.MaxValue) return atoms;
        s.Fault($"{what} is {Decimals.Text(size.Mantissa, size.Decimals)} {code}, which is not a whole number of {code} atoms (Decimals={asset.Decimals})");
        return 0;
    }

    private static Int128 Steps(Section s, string key, (Int128 Mantissa, int Decimals) step, string stepName)
    {
        var (mantissa, decimals) = s.Decimal(key);
        var most = Math.Max(decimals, step.Decimals);
        if (Decimals.TryScale(mantissa, decimals, most, out var value) && Decimals.TryScale(step.Mantissa, step.Decimals, most, out var unit)
            && value > 0 && value % unit == 0 && value / unit <= long.MaxValue / 2) return value / unit;
        s.Fault($"{key} is not a positive multiple of {stepName}");
        return 0;
    }

    private static Int128 Bounded(Section s, string key, Int128 value, long min, long max)
    {
        if (value >= min && value <= max) return value;
        s.Fault($"{key} is {value} where {min} to {max} is possible");
        return min;
    }

    private void Firms(string config)
    {
        for (var i = 0; i < _known.Firms.Count; i++) _firms[_known.Firms[i].Name.ToString()] = i + 1;
        var next = _known.Firms.Count + 1;
        var seen = new HashSet<string>();
        foreach (var (sectionName, s, entries) in Read(config, "firms.cfg"))
        {
            if (sectionName != "FIRM")
            {
                s.Fault("is not [FIRM]");
                continue;
            }
            var name = s.Text("Name");
            s.Finish(key => key.StartsWith("Balance.", StringComparison.Ordinal) || ProfileSettings.RateNames.Contains(key));
            if (!IsText(name, Text40.MaxLength)) s.Fault($"Name '{name}' is not 1 to {Text40.MaxLength} printable ASCII characters");
            else if (!seen.Add(name)) s.Fault($"Name {name} is defined twice");
            else Firm(s, name, entries, ref next);
        }
    }

    private void Firm(Section s, string name, IEnumerable<(string Key, string Value)> entries, ref int next)
    {
        if (!_firms.TryGetValue(name, out var firm))
        {
            firm = next++;
            _firms[name] = firm;
            var command = New<DefineFirm>(CommandType.DefineFirm);
            command.Firm = firm;
            command.Name = Text40.From(name);
            Add(command);
        }
        foreach (var (key, _) in entries)
        {
            if (!key.StartsWith("Balance.", StringComparison.Ordinal)) continue;
            var code = key["Balance.".Length..];
            if (!_assets.TryGetValue(code, out var asset))
            {
                s.Fault($"{key}: {code} is not an [ASSET] of instruments.cfg");
                continue;
            }
            var atoms = s.Units(key, asset.Decimals, $"an atom of {code}");
            var openingKey = Known.OpeningKey(firm, asset.Asset);
            if (atoms > Amount.Max.Atoms) s.Fault($"{key} is more than the engine can count");
            else if (atoms > 0 && !_known.OpeningKeys.Contains(openingKey))
            {
                var credit = New<Credit>(CommandType.Credit);
                credit.Firm = firm;
                credit.Asset = asset.Asset;
                credit.Amount = new Amount(atoms);
                credit.Key = openingKey;
                Add(credit);
            }
        }
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
