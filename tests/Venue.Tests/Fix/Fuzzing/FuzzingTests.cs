using System.Globalization;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>
/// Coverage-guided fuzzing: a few seconds for each target; a minute each with VENUE_SOAK=1, or as long as VENUE_FUZZ_SECONDS says,
/// from the seed in VENUE_SEED.
/// </summary>
public sealed class FuzzingTests
{
    private Instrumented _code = null!;

    [OneTimeSetUp]
    public void Instrument() => _code = new Instrumented();

    [OneTimeTearDown]
    public void Forget() => _code.Dispose();

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("VENUE_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var given) ? given
        : Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 60 : seconds);

    // The branches are what a second finds: far fewer would mean that nothing is marked, or that nothing is kept.
    [Test]
    public void The_decoder_agrees_with_the_naive_parser() => Fuzz(nameof(Targets.Decoder), Seeds.Messages, Seeds.MessageWords, 1, 4, branchesMin: 400);

    [Test]
    public void A_session_throws_nothing_and_sends_only_valid_messages() => Fuzz(nameof(Targets.Session), Seeds.Lives, Seeds.LifeWords, 0, 4, branchesMin: 900);

    [Test]
    public void The_dictionary_reader_refuses_or_gives_one_that_works() => Fuzz(nameof(Targets.DictionaryReader), Seeds.Dictionaries, Seeds.DictionaryWords, (byte)'\n', 1, branchesMin: 200);

    [Test]
    public void The_settings_reader_throws_nothing() => Fuzz(nameof(Targets.SettingsReader), Seeds.Settings, Seeds.SettingsWords, (byte)'\n', 1, branchesMin: 200);

    private void Fuzz(string target, IEnumerable<byte[]> seeds, string words, byte separator, double seconds, int branchesMin)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VENUE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20261122;
        var fuzzer = new CoverageFuzzer(_code, seed);
        fuzzer.Run(_code.Target(target), seeds, new Mutator(fuzzer.Random, words, separator), Time(seconds));
        TestContext.Out.WriteLine($"{target}: seed {seed}, {fuzzer.Executions} executions, {fuzzer.Kept} kept, {fuzzer.Branches} pairs of branches");
        Assert.That(fuzzer.Branches, Is.GreaterThan(branchesMin), "branches are marked and found");
        Assert.That(fuzzer.Kept, Is.GreaterThan(seeds.Count()), "inputs are kept");
    }
}
