using System.CommandLine;
using House.Launch;

namespace House.Cli;

/// <summary>Where the configuration and the data are; every command asks the same.</summary>
internal static class Places
{
    public static readonly Option<string> Config = new("--config") { Description = "folder of house.cfg [VENUE_CONFIG]", HelpName = "DIR", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config" };

    public static readonly Option<string?> Data = new("--data") { Description = "folder of everything that is kept (house.cfg's Data)", HelpName = "DIR" };

    /// <exception cref="InvalidDataException">The file is not right.</exception>
    public static HouseFile File(ParseResult result, IReadOnlyDictionary<string, string>? given = null) => HouseFile.Read(result.GetValue(Config)!, result.GetValue(Data), given);
}
