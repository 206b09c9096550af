using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using House.Demo;

namespace House.Cli;

/// <summary>What is played against a running house. Exit codes: 0 all went well and all books agree, 1 something did not, 2 there is no house.</summary>
internal static class StoryCommands
{
    private const int Failed = 1, NotStarted = 2;

    public static Command Demo()
    {
        var command = new Command("demo", "Plays the whole story against the running house and checks that all books agree.") { Places.Config, Places.Data };
        command.SetAction(result => Play(result, stage => new Story(stage).Play()));
        return command;
    }

    public static Command Drill()
    {
        var rounds = new Option<int>("--rounds") { Description = "how often", DefaultValueFactory = _ => 10, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "moments and order", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("drill", "Accidents at random moments against the running house: a reorganised block, a killed bridge, a killed custody. Play the demo first: it fills the accounts.") { Places.Config, Places.Data, rounds, seed };
        command.SetAction(result => Play(result, stage => new Drill(stage, result.GetValue(seed)).Play(result.GetValue(rounds))));
        return command;
    }

    private static int Play(ParseResult result, Action<Stage> play)
    {
        var since = Stopwatch.StartNew();
        try
        {
            using var stage = new Stage(Places.File(result), text => Console.WriteLine($"           {text}"));
            play(stage);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ALL BOOKS AGREE after {since.Elapsed.TotalSeconds:0} s"));
            return 0;
        }
        catch (StoryException e)
        {
            Console.Error.WriteLine($"demo: {e.Message}");
            return e.Message.StartsWith("no house", StringComparison.Ordinal) ? NotStarted : Failed;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or RpcException or HttpRequestException)
        {
            Console.Error.WriteLine($"demo: {e.Message}");
            return Failed;
        }
    }
}
