using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Host.Desk;

/// <summary>
/// Who may sign in at the desk. A file of lines <c>NAME pbkdf2-sha256 ITERATIONS SALT HASH</c>, for its owner only; a
/// line <c>NAME plain PASSWORD</c>, by which a person adds a user, is replaced by its hash when the file is next read.
/// </summary>
public sealed class Users
{
    private const string Scheme = "pbkdf2-sha256";
    private const string Plain = "plain";
    private const string FirstUser = "desk";
    // OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256.
    private const int Iterations = 600_000;
    private const int SaltBytes = 16, HashBytes = 32;
    private const int PasswordBytes = 18;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.Ordinal);
    // Hashed against when the name is not known, so that the answer takes as long.
    private readonly Secret _nobody = Secret.Of(RandomNumberGenerator.GetHexString(PasswordBytes));

    private Users() { }

    private sealed record Secret(int Iterations, byte[] Salt, byte[] Hash)
    {
        public static Secret Of(string password)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            return new Secret(Users.Iterations, salt, Derive(password, salt, Users.Iterations));
        }

        public bool Fits(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations), Hash);

        private static byte[] Derive(string password, byte[] salt, int iterations) =>
            Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
    }

    /// <summary>
    /// Reads the file. When there is none, makes it with one user and a random password, which stands in a file beside
    /// it; <paramref name="log"/> is told where.
    /// </summary>
    /// <exception cref="InvalidDataException">A line cannot be understood.</exception>
    public static Users Open(string path, Action<string> log)
    {
        var users = new Users();
        if (!File.Exists(path))
        {
            var password = Convert.ToBase64String(RandomNumberGenerator.GetBytes(PasswordBytes));
            users._secrets.Add(FirstUser, Secret.Of(password));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var passwordPath = path + ".first-password";
            Write(passwordPath, password + "\n");
            users.Save(path);
            log($"desk: made the user '{FirstUser}', its password is in {Path.GetFullPath(passwordPath)}: note it, then delete that file");
            return users;
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidDataException($"{path}: others than its owner can use it. chmod 600 it.");
        var hasPlain = false;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (Parse(line) is not { } user || !users._secrets.TryAdd(user.Name, user.Secret))
                throw new InvalidDataException($"{path}:{number}: not 'NAME plain PASSWORD', nor a line that the bridge wrote, or its name stands there twice");
            hasPlain |= user.IsPlain;
        }
        if (users._secrets.Count == 0) throw new InvalidDataException($"{path}: names nobody. Remove the file to have a first user made.");
        if (hasPlain) users.Save(path);
        return users;
    }

    /// <summary>True when this is the user's password. Takes as long for a name that is not known.</summary>
    public bool Fits(string name, string password)
    {
        var isKnown = _secrets.TryGetValue(name, out var secret);
        return (secret ?? _nobody).Fits(password) && isKnown;
    }

    private static (string Name, Secret Secret, bool IsPlain)? Parse(string line)
    {
        switch (line.Split(' '))
        {
            case [{ Length: > 0 } name, Plain, { Length: > 0 } password]:
                return (name, Secret.Of(password), true);
            case [{ Length: > 0 } name, Scheme, var iterationsText, var saltText, var hashText]:
                var salt = new byte[SaltBytes];
                var hash = new byte[HashBytes];
                if (!int.TryParse(iterationsText, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations == 0
                    || !Convert.TryFromBase64String(saltText, salt, out var saltLength) || saltLength != SaltBytes
                    || !Convert.TryFromBase64String(hashText, hash, out var hashLength) || hashLength != HashBytes) return null;
                return (name, new Secret(iterations, salt, hash), false);
            default:
                return null;
        }
    }

    private void Save(string path)
    {
        var text = new StringBuilder();
        foreach (var (name, secret) in _secrets)
            text.Append(CultureInfo.InvariantCulture, $"{name} {Scheme} {secret.Iterations} {Convert.ToBase64String(secret.Salt)} {Convert.ToBase64String(secret.Hash)}\n");
        Write(path, text.ToString());
    }

    private static void Write(string path, string text)
    {
        var next = path + ".next";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(next, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}
