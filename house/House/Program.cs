using System.CommandLine;
using House.Cli;

// The command line: `house up` runs everything on this machine, `house demo` plays the story, `house drill` its accidents.
var root = new RootCommand("All of the house on one machine: venue, liquidity bridge, custody, and the sample networks around them.");
root.Subcommands.Add(UpCommand.Make());
return root.Parse(args).Invoke();
