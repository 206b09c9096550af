using System.CommandLine;
using Custody.Signer.Cli;

var root = new RootCommand("The process that holds custody's keys, in an HSM, and signs only what policy and approvers allow.")
{
    RunCommand.Make(),
    InitCommand.Make(),
    ResumeCommand.Make(),
};
return root.Parse(args).Invoke();
