using Venue.Messages;

namespace Venue.Host;

/// <content>instruments.cfg: assets, instruments and how they trade.</content>
public sealed partial class Reference
{
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
}
