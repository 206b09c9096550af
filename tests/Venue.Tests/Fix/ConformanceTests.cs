using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Scripts/*.txt against the state machine. The same files are run over TCP by tests/EndToEnd.</summary>
public sealed class ConformanceTests
{
    private static string Folder => Path.Combine(Path.GetDirectoryName(Wire.DictionaryPath)!, "..", "tests", "Venue.Tests", "Fix", "Scripts");

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal))
            foreach (var text in File.ReadAllText(file).Split("\ncase ").Skip(1))
            {
                var lines = text.Split('\n', 2);
                yield return new TestCaseData(lines[1]).SetName($"{Path.GetFileNameWithoutExtension(file)}: {lines[0].Replace('.', '_')}");
            }
    }

    [TestCaseSource(nameof(Cases))]
    public void Script(string script)
    {
        var steps = new List<string> { "connect" };
        foreach (var line in script.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            switch (line.Split(' '))
            {
                case ["open", var next, var answer]:
                    steps.AddRange([$"in 35=1|34={next}|112=open", $"out 35=0|34={answer}|112=open"]);
                    break;
                case ["drop"]:
                    steps.AddRange(["drop", "connect"]);
                    break;
                default:
                    steps.Add(line);
                    break;
            }
        }
        new ScriptedSession { TellsOnlyMessages = true }.Run(string.Join('\n', steps));
    }

    [Test]
    public void There_are_scripts_for_every_scenario() => Assert.That(Cases().Count(), Is.GreaterThan(40));
}
