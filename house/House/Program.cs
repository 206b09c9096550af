using System.CommandLine;
using House.Cli;

// The command line: `house up` runs everything on this machine, `house demo` plays the story, `house drill` its accidents.
var root = new RootCommand("All of the house on one machine: venue, liquidity bridge, custody, and the sample networks around them.");
root.Subcommands.Add(UpCommand.Make());
root.Subcommands.Add(StoryCommands.Demo());
root.Subcommands.Add(StoryCommands.Drill());
return root.Parse(args).Invoke();
