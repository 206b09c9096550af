using Venue.Messages;

namespace Venue.Host;

/// <content>margin.cfg, which may be missing: what counts for margin, who may owe, how is liquidated, who insures.</content>
public sealed partial class Reference
{
    private const string MarginFile = "margin.cfg";

    private readonly Dictionary<string, DefineInstrument> _instruments = [];
    private readonly Dictionary<string, (int Number, int Firm)> _sessions = [];

    private void Margin(string config)
    {
        if (!File.Exists(Path.Combine(config, MarginFile))) return;
        foreach (var (name, s, entries) in Read(config, MarginFile))
        {
            switch (name)
            {
                case "ASSET": MarginAsset(s); break;
                case "LIQUIDATION": Liquidation(s); break;
                case "ACCOUNT": MarginAccount(s, entries); break;
                case "INSURANCE": Insurance(s); break;
                default: s.Fault("is none of [ASSET], [LIQUIDATION], [ACCOUNT], [INSURANCE]"); break;
            }
        }
    }

    private void MarginAsset(Section s)
    {
        var command = New<DefineMarginAsset>(CommandType.DefineMarginAsset);
        var (code, symbol) = (s.Text("Code"), s.Text("Instrument", ""));
        command.HaircutBps = Percent(s, "HaircutPercent", 100, "0");
        s.Finish();
        if (!_assets.TryGetValue(code, out var asset)) s.Fault($"Code={code} is not an [ASSET] of instruments.cfg");
        command.Asset = asset.Asset;
        if (symbol.Length > 0) command.Instrument = InstrumentOf(s, symbol).Instrument;
        var before = _known.Margin.Assets.GetValueOrDefault(command.Asset);
        if ((before.Asset, before.Instrument, before.HaircutBps) != (command.Asset, command.Instrument, command.HaircutBps)) Add(command);
    }

    private void Liquidation(Section s)
    {
        var command = New<DefineLiquidation>(CommandType.DefineLiquidation);
        var instrument = InstrumentOf(s, s.Text("Symbol"));
        command.Instrument = instrument.Instrument;
        if (instrument.LotMantissa > 0) command.SliceLots = (long)Steps(s, "Slice", (instrument.LotMantissa, instrument.LotDecimals), "LotSize");
        command.SlippageBps = Percent(s, "SlippagePercent", 99, "1");
        command.OrdersMax = s.Number("Orders", 10, 1, 1_000_000);
        command.WindowNs = s.Number("WindowMilliseconds", 1000, 1, 86_400_000) * 1_000_000L;
        s.Finish();
        var before = _known.Margin.Liquidations.GetValueOrDefault(command.Instrument);
        if ((before.SliceLots, before.SlippageBps, before.OrdersMax, before.WindowNs) != (command.SliceLots, command.SlippageBps, command.OrdersMax, command.WindowNs)) Add(command);
    }

    private void MarginAccount(Section s, IEnumerable<(string Key, string Value)> entries)
    {
        var command = New<DefineMarginAccount>(CommandType.DefineMarginAccount);
        var (name, session) = (s.Text("Firm"), s.Text("Session"));
        command.InitialBps = Percent(s, "InitialPercent", 1000, null);
        command.MaintenanceBps = Percent(s, "MaintenancePercent", 1000, null);
        s.Finish(key => key.StartsWith("CreditLine.", StringComparison.Ordinal));
        if (!_firms.TryGetValue(name, out var firm)) s.Fault($"Firm={name} is not a [FIRM] of firms.cfg");
        if (!_sessions.TryGetValue(session, out var told) || told.Firm != firm) s.Fault($"Session={session} is not a session of {name} in sessions.cfg: nobody would be told");
        if (command.InitialBps > 0 && (command.MaintenanceBps < 1 || command.MaintenanceBps > command.InitialBps)) s.Fault("MaintenancePercent is not above 0 and at most InitialPercent");
        (command.Firm, command.ToldSession) = (firm, told.Number);
        foreach (var (key, _) in entries.Where(entry => entry.Key.StartsWith("CreditLine.", StringComparison.Ordinal))) CreditLine(s, key, firm);
        var before = _known.Margin.Accounts.GetValueOrDefault(firm);
        if ((before.ToldSession, before.InitialBps, before.MaintenanceBps) == (command.ToldSession, command.InitialBps, command.MaintenanceBps)) return;
        // An account that never was one needs no end.
        if (command.InitialBps > 0 || before.InitialBps > 0) Add(command);
    }

    private void CreditLine(Section s, string key, int firm)
    {
        var code = key["CreditLine.".Length..];
        if (!_assets.TryGetValue(code, out var asset))
        {
            s.Fault($"{key}: {code} is not an [ASSET] of instruments.cfg");
            return;
        }
        var command = New<SetCreditLine>(CommandType.SetCreditLine);
        (command.Firm, command.Asset) = (firm, asset.Asset);
        var atoms = s.Units(key, asset.Decimals, $"an atom of {code}");
        if (atoms < 0 || atoms > Amount.Max.Atoms)
        {
            s.Fault($"{key} is less than nothing or more than the engine can count");
            return;
        }
        command.Amount = new Amount(atoms);
        if (_known.Margin.Lines.GetValueOrDefault((firm, asset.Asset)).Amount != command.Amount) Add(command);
    }

    private void Insurance(Section s)
    {
        var command = New<DefineInsurance>(CommandType.DefineInsurance);
        var name = s.Text("Firm");
        s.Finish();
        if (!_firms.TryGetValue(name, out var firm)) s.Fault($"Firm={name} is not a [FIRM] of firms.cfg");
        command.Firm = firm;
        if (_known.Margin.Fund != firm) Add(command);
    }

    private DefineInstrument InstrumentOf(Section s, string symbol)
    {
        if (_instruments.TryGetValue(symbol, out var instrument)) return instrument;
        s.Fault($"{symbol} is not an [INSTRUMENT] of instruments.cfg");
        return default;
    }

    private static int Percent(Section s, string key, int most, string? otherwise) => (int)Bounded(s, key, s.Units(key, 2, "a hundredth of a percent", otherwise), 0, most * 100);
}
