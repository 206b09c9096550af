using System.Security.Cryptography;
using System.Text;

namespace Venue.Host;

/// <summary>Who may ask what of the API.</summary>
[Flags]
internal enum Role
{
    None = 0,
    Feed = 1,
    Custody = 2,
    Bridge = 4,
    Operator = 8,
}

/// <summary>
/// The API's bearer tokens, one per role, in a file that only the venue's user can read; made at the first start. A line
/// is a role and a token; a role may have two, so that one can be replaced without a gap.
/// </summary>
internal sealed class Tokens
{
    private const int TokenBytes = 32;
    private readonly List<(byte[] Hash, Role Role)> _tokens = [];

    /// <summary>Reads the file, or makes it.</summary>
    /// <exception cref="IOException">A line is not a role and a token.</exception>
    public static Tokens ReadOrMake(string path)
    {
        if (!File.Exists(path)) Make(path);
        var tokens = new Tokens();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.Split(' ') is not [var name, { Length: >= 32 } token] || !Enum.TryParse<Role>(name, ignoreCase: true, out var role) || role == Role.None)
                throw new IOException($"{path}:{number}: a line is a role (feed, custody, bridge, operator) and a token of at least 32 characters");
            tokens._tokens.Add((SHA256.HashData(Encoding.UTF8.GetBytes(token)), role));
        }
        return tokens;
    }

    /// <summary>The role that a token stands for; None for an unknown one. Takes equally long for every token.</summary>
    public Role RoleOf(string token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        var found = Role.None;
        foreach (var (known, role) in _tokens)
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = role;
        return found;
    }

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine("# Bearer tokens of the venue's API: role and token. Keep this file to its owner.");
        foreach (var role in (Role[])[Role.Feed, Role.Custody, Role.Bridge, Role.Operator])
            writer.WriteLine($"{role.ToString().ToLowerInvariant()} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes))}");
    }
}
