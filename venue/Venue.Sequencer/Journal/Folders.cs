namespace Venue.Sequencer;

/// <summary>What a file system does not promise by itself.</summary>
public static class Folders
{
    /// <summary>Makes what was created, renamed or removed in a folder durable.</summary>
    public static void Sync(string path)
    {
        // Elsewhere the file system orders this itself, or offers no call for it.
        if (OperatingSystem.IsLinux()) Libc.SyncFolder(path);
    }
}
