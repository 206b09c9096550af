namespace Custody.Host.Cli;

/// <summary>An approver's key file: the name, a space, 32 bytes in hex. Readable by its owner alone.</summary>
internal static class ApproverKey
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string name, byte[] seed)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner });
        file.Write(System.Text.Encoding.ASCII.GetBytes($"{name} {Convert.ToHexStringLower(seed)}\n"));
        file.Flush(flushToDisk: true);
    }

    public static (string Name, byte[] Seed) Read(string path)
    {
        if ((File.GetUnixFileMode(path) & ~Owner) != 0) throw new InvalidDataException($"{path}: others may read it (chmod 600)");
        var parts = File.ReadAllText(path).Trim().Split(' ');
        return parts.Length == 2 && parts[1].Length == 64 ? (parts[0], Convert.FromHexString(parts[1])) : throw new InvalidDataException($"{path}: not the key of an approver");
    }
}
