using Venue.Fix;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>credentials.cfg: by what the clients' Logons prove who sent them. Read again whenever it changes.</summary>
public static class CredentialsFile
{
    /// <summary>Two at a time, so that a client can change from one to the other without being locked out between.</summary>
    private const int PerSessionMax = 2;

    private static readonly string[] Kinds = ["Password", "HmacSha256", "Ed25519"];

    /// <summary>Where it is.</summary>
    public static string PathIn(string config) => Path.Combine(config, "credentials.cfg");

    /// <summary>The credentials by the client's CompID; none when there is no file. Every fault is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Credential>> Read(string config, List<string> faults)
    {
        var read = new Dictionary<string, List<Credential>>();
        var path = PathIn(config);
        if (File.Exists(path))
        {
            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (OperatingSystem.IsLinux() && (File.GetUnixFileMode(path) & Others) != 0) faults.Add($"{path}: others than its owner can read or write it: chmod 600");
            var file = SettingsFile.Parse(File.ReadAllText(path), path);
            faults.AddRange(file.Faults);
            foreach (var section in file.Sections)
                if (section.Name == "CREDENTIAL") Credential(section, path, read, faults);
                else if (section.Name != "DEFAULT") faults.Add($"{path}:{section.Line}: [{section.Name}] is not [CREDENTIAL]");
        }
        return read.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Credential>)pair.Value);
    }

    private static void Credential(SettingsSection section, string path, Dictionary<string, List<Credential>> read, List<string> faults)
    {
        var s = new Section(section, path, faults);
        var compID = s.Text("TargetCompID");
        var username = s.Text("Username", "");
        var given = Kinds.Select(kind => (Kind: kind, Text: s.Text(kind, ""))).Where(given => given.Text.Length > 0).ToArray();
        s.Finish();
        if (given.Length != 1)
        {
            s.Fault($"has {given.Length} of {string.Join(", ", Kinds)}: exactly one proves a Logon");
            return;
        }
        var (name, text) = given[0];
        var isRight = name == "Password"
            ? Gateway.Credential.TryPassword(username, text, out var credential, out var fault)
            : Gateway.Credential.TryKey(Enum.Parse<CredentialKind>(name), username, text, out credential, out fault);
        if (!isRight)
        {
            // Not the text itself: a fault is printed.
            s.Fault($"{name} {fault}");
            return;
        }
        if (!read.TryGetValue(compID, out var all)) read[compID] = all = [];
        all.Add(credential!);
        if (all.Count > PerSessionMax) s.Fault($"{compID} has more than {PerSessionMax} credentials");
    }
}
