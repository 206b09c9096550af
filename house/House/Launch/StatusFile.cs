using System.Text.Json;

namespace House.Launch;

/// <summary>house.json in the data folder: what runs now, for those who look (the demonstration, a monitor, a person).</summary>
internal sealed record StatusFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Process number of the house.</summary>
    public required int Pid { get; init; }

    /// <summary>True once everything has been up.</summary>
    public required bool Started { get; init; }

    /// <summary>In the order of starting.</summary>
    public required IReadOnlyList<ProcessStatus> Processes { get; init; }

    /// <summary>One process.</summary>
    /// <param name="Name">As in house.cfg.</param>
    /// <param name="Pid">0 while it does not run.</param>
    /// <param name="Up">It has said that it is up.</param>
    /// <param name="Restarts">How often it was started again.</param>
    /// <param name="Log">Its output.</param>
    public sealed record ProcessStatus(string Name, int Pid, bool Up, int Restarts, string Log);

    /// <summary>Replaces the file in one step.</summary>
    public void Write(string path)
    {
        var next = path + ".next";
        File.WriteAllText(next, JsonSerializer.Serialize(this, Json));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Null when nothing was started there, or what was is not alive any more.</summary>
    public static StatusFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var status = JsonSerializer.Deserialize<StatusFile>(File.ReadAllText(path), Json);
        return status is not null && Directory.Exists($"/proc/{status.Pid}") ? status : null;
    }

    /// <summary>The process of this name.</summary>
    /// <exception cref="InvalidDataException">The house does not run one.</exception>
    public ProcessStatus Of(string name) => Processes.FirstOrDefault(p => p.Name == name) ?? throw new InvalidDataException($"the house runs no process {name}");
}
