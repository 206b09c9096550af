using Venue.Messages;

namespace Venue.Host;

/// <content>firms.cfg: firms, and what they own when the venue begins.</content>
public sealed partial class Reference
{
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
}
