using System.CommandLine;
using Venue.Host;

// The command line: `venue` runs, `venue trade` is a client, `venue replay DIR` folds a journal, `venue digest DIR` prints what must be the same everywhere, `venue fix cat PATH` reads messages, `venue ctl` is the operators', `venue rules` writes for counterparties.
var root = new RootCommand("Venue: a FIX 4.4 trading venue. Without a command it starts and runs until Ctrl-C.");
RunCommand.Add(root);
root.Subcommands.Add(TradeCommand.Make());
root.Subcommands.Add(ReplayCommand.Make());
root.Subcommands.Add(DigestCommand.Make());
root.Subcommands.Add(FixCommand.Make());
root.Subcommands.Add(HashCommand.Make());
root.Subcommands.Add(CtlCommand.Make());
root.Subcommands.Add(RulesCommand.Make());
return root.Parse(args).Invoke();
