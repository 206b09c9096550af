using System.Security.Cryptography;
using System.Text;
using Venue.Fix;

namespace Venue.Host;

/// <summary>What a person may do.</summary>
[Flags]
internal enum OperatorRoles
{
    None = 0,
    /// <summary>Look. Every other role includes it.</summary>
    Watch = 1,
    /// <summary>Sessions: log out, let in again, rates, message logs.</summary>
    Support = 2,
    /// <summary>Phases and index prices of instruments; trades undone or put right.</summary>
    Trading = 4,
    /// <summary>Kill switches, limits, credit lines.</summary>
    Risk = 8,
    /// <summary>Money, fees.</summary>
    Treasury = 16,
}

/// <summary>A person who may call.</summary>
internal sealed record Operator(string Name, OperatorRoles Roles);

/// <summary>operators.cfg: who may do what, each by a token that is known here by its hash alone. Read again whenever it changes.</summary>
internal sealed class OperatorsFile
{
    private const string FileName = "operators.cfg";
    private const int TokenBytes = 32;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly string _path;
    private readonly Action<string> _alarm;
    private readonly Lock _lock = new();
    private List<(byte[] Hash, Operator Operator)> _operators = [];
    private DateTime _readAt = DateTime.MinValue;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="config">The folder.</param>
    /// <param name="alarm">Told when a changed file cannot be used: what was read before goes on.</param>
    public OperatorsFile(string config, Action<string> alarm) => (_path, _alarm) = (Path.Combine(config, FileName), alarm);

    /// <summary>Who has this token; null for nobody. Takes equally long for every token.</summary>
    public Operator? Find(string token)
    {
        lock (_lock)
        {
            ReadWhenChanged();
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
            Operator? found = null;
            foreach (var (known, person) in _operators)
                if (CryptographicOperations.FixedTimeEquals(hash, known)) found = person;
            return found;
        }
    }

    /// <summary>Adds a person to the file and gives the token, which is written nowhere.</summary>
    /// <exception cref="IOException">The name or the roles cannot be used.</exception>
    public static string Add(string config, string name, OperatorRoles roles)
    {
        if (!IsName(name)) throw new IOException($"'{name}' is not a name of 1 to 16 letters, digits, '-', '.' and '_'");
        if (roles == OperatorRoles.None) throw new IOException($"{name} has no role");
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var path = Path.Combine(config, FileName);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write($"[OPERATOR]\nName={name}\nRoles={roles.ToString().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal)}\nTokenSha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}\n\n");
        return token;
    }

    /// <summary>The roles that a list names; None when one is unknown.</summary>
    public static OperatorRoles RolesOf(string text)
    {
        var roles = OperatorRoles.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!word.All(char.IsAsciiLetter) || !Enum.TryParse<OperatorRoles>(word, ignoreCase: true, out var role) || role == OperatorRoles.None) return OperatorRoles.None;
            roles |= role;
        }
        return roles;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 16 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    private void ReadWhenChanged()
    {
        var writtenAt = File.GetLastWriteTimeUtc(_path);
        if (writtenAt == _readAt) return;
        _readAt = writtenAt;
        var faults = new List<string>();
        try
        {
            var operators = File.Exists(_path) ? Read(faults) : [];
            if (faults.Count == 0) _operators = operators;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(e.Message);
        }
        if (faults.Count > 0) _alarm($"{FileName} cannot be used, what was read before goes on: {string.Join("; ", faults)}");
    }

    private List<(byte[], Operator)> Read(List<string> faults)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & Others) != 0) faults.Add($"{_path}: others than its owner can write it: chmod 600");
        var file = SettingsFile.Parse(File.ReadAllText(_path), _path);
        faults.AddRange(file.Faults);
        var read = new List<(byte[], Operator)>();
        foreach (var section in file.Sections.Where(s => s.Name != "DEFAULT"))
        {
            var s = new Section(section, _path, faults);
            if (section.Name != "OPERATOR")
            {
                s.Fault("is not [OPERATOR]");
                continue;
            }
            var (name, roles, hash) = (s.Text("Name"), RolesOf(s.Text("Roles")), s.Text("TokenSha256"));
            s.Finish();
            if (!IsName(name)) s.Fault($"Name={name} is not 1 to 16 letters, digits, '-', '.' and '_'");
            if (roles == OperatorRoles.None) s.Fault("Roles is not a list of watch, support, trading, risk, treasury");
            if (hash.Length != 2 * SHA256.HashSizeInBytes || !hash.All(char.IsAsciiHexDigit)) s.Fault("TokenSha256 is not 64 hexadecimal digits");
            else read.Add((Convert.FromHexString(hash), new Operator(name, roles)));
        }
        // A person may have two tokens while one is replaced by another, and then says the same of both.
        foreach (var person in read.Select(r => r.Item2).GroupBy(o => o.Name).Where(g => g.Select(o => o.Roles).Distinct().Count() > 1))
            faults.Add($"{_path}: {person.Key} has different roles in different sections");
        return read;
    }
}
