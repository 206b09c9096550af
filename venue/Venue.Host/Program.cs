using System.CommandLine;
using Venue.Host;

// The command line: `venue` runs, `venue trade` is a client, `venue replay DIR` folds a journal.
var root = new RootCommand("Venue: a FIX 4.4 trading venue. Without a command it starts and runs until Ctrl-C.");
RunCommand.Add(root);
root.Subcommands.Add(TradeCommand.Make());
root.Subcommands.Add(ReplayCommand.Make());
return root.Parse(args).Invoke();
