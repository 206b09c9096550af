namespace House.Launch;

/// <summary>One process of the house, as house.cfg has it, with every {Name} replaced.</summary>
internal sealed record ProcessSpec
{
    /// <summary>Name in the log folder, on the console and for those who look it up.</summary>
    public required string Name { get; init; }

    /// <summary>For people: what it is and where.</summary>
    public string About { get; init; } = "";

    /// <summary>Program and arguments; programs with a slash are relative to the project's root.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Commands that have to end well before it is first started.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Before { get; init; } = [];

    /// <summary>Steps of our own before that, by name.</summary>
    public IReadOnlyList<string> Prepare { get; init; } = [];

    /// <summary>It is up when its output has a line that begins so; empty to look at <see cref="ReadyPort"/>.</summary>
    public string ReadyLine { get; init; } = "";

    /// <summary>It is up when this TCP port of 127.0.0.1 takes connections; 0 to look at <see cref="ReadyLine"/>.</summary>
    public int ReadyPort { get; init; }
}
