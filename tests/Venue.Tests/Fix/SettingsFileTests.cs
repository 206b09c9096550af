using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>The .cfg form of QuickFIX.</summary>
public sealed class SettingsFileTests
{
    private const string Good = """
        # the venue
        [DEFAULT]
        BeginString=FIX.4.4
        SenderCompID = VENUE

        [SESSION]
        TargetCompID=ALPHA
        SenderCompID=OTHER
        [INSTRUMENT]
        Symbol=BTC-USD
        Formula=a=b # not a comment
        """;

    [Test]
    public void A_session_inherits_what_it_does_not_have() => Assert.That(Show(Good), Is.EqualTo("""
        DEFAULT@2 BeginString=FIX.4.4@3 SenderCompID=VENUE@4
        SESSION@6 TargetCompID=ALPHA@7 SenderCompID=OTHER@8 BeginString=FIX.4.4@3
        INSTRUMENT@9 Symbol=BTC-USD@10 Formula=a=b # not a comment@11
        """));

    [Test]
    public void The_defaults_may_come_last() => Assert.That(Show("""
        [SESSION]
        A=1
        [DEFAULT]
        B=2
        """), Is.EqualTo("""
        SESSION@1 A=1@2 B=2@4
        DEFAULT@3 B=2@4
        """));

    [Test]
    public void Keys_are_case_sensitive()
    {
        var section = SettingsFile.Parse("[SESSION]\nKey=1", "f").Sections[0];
        Assert.That(section.TryGet("Key", out var value), Is.True);
        Assert.That(value, Is.EqualTo("1"));
        Assert.That(section.TryGet("key", out _), Is.False);
    }

    [Test]
    public void Every_fault_is_told_with_its_line() => Assert.That(Show("""
        A=1
        [SESSION
        [SESSION]
        what
        =1
        B=1
        B=2
        [DEFAULT]
        [DEFAULT]
        [ ]
        """), Does.EndWith("""
        f:1: an entry before the first section
        f:2: a section is [NAME]
        f:4: 'what' is neither [NAME] nor Key=Value
        f:5: no key before '='
        f:7: B stands in this section twice
        f:9: [DEFAULT] stands here twice
        f:10: a section is [NAME]
        """));

    private static string Show(string text)
    {
        var file = SettingsFile.Parse(text, "f");
        var sections = file.Sections.Select(s => $"{s.Name}@{s.Line} {string.Join(' ', s.Entries.Select(e => $"{e.Key}={e.Value}@{e.Line}"))}");
        return string.Join('\n', sections.Concat(file.Faults));
    }
}
