using System.CommandLine;
using Custody.Host.Cli;

// The command line: without a command custody runs; the others ask a running one.
var root = new RootCommand("Custody: ledger, settlement, deposits and withdrawals. Without a command it starts and runs until Ctrl-C.");
RunCommand.Add(root);
foreach (var command in OperatorCommands.All()) root.Subcommands.Add(command);
return await root.Parse(args).InvokeAsync();
