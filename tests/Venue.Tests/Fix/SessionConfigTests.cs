using System.Text.RegularExpressions;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>QuickFIX's settings, name by name.</summary>
public sealed partial class SessionConfigTests
{
    private const string Usual = """
        [DEFAULT]
        ConnectionType=initiator
        BeginString=FIX.4.4
        SenderCompID=ME
        ReconnectInterval=60
        FileStorePath=store
        StartTime=08:00:00
        EndTime=17:30:00
        Weekdays=Mon,tuesday,WED
        TimeZone=Europe/Berlin
        HeartBtInt=20
        SocketConnectHost=venue.example
        SocketConnectPort=9878
        ValidateUserDefinedFields=N
        AllowUnknownMsgFields=Y
        TimeStampPrecision=MICROS
        [SESSION]
        TargetCompID=VENUE
        """;

    [Test]
    public void A_usual_file_is_understood()
    {
        var (config, faults) = Read(Usual);
        var settings = config.Settings;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Is.Empty);
            Assert.That((settings.SenderCompID, settings.TargetCompID, settings.Initiator), Is.EqualTo(("ME", "VENUE", true)));
            Assert.That((settings.HeartBtIntSeconds, settings.ReconnectIntervalSeconds, settings.TimestampDigits), Is.EqualTo((20, 60, 6)));
            Assert.That((config.ConnectHost, config.ConnectPort), Is.EqualTo(("venue.example", 9878)));
            Assert.That(settings.Validation, Is.EqualTo(Validation.FieldsOutOfOrder | Validation.FieldsHaveValues));
            Assert.That(settings.Schedule!.IsOpen(Wire.Noon), Is.False, "a Sunday");
            Assert.That(settings.Schedule.IsOpen(Wire.Noon + 86_400L * 1_000_000_000), Is.True, "a Monday");
            Assert.That(config.Notes, Is.EqualTo(new[] { "f:6: FileStorePath has no effect: what is kept belongs to the process: the venue's journal, a client's own file" }));
        }
    }

    [TestCase("Wrong=1", "f:3: 'Wrong' is not a setting that is known")]
    [TestCase("ForceResync=Y", "f:3: ForceResync is not supported: numbers are not moved without the counterparty")]
    [TestCase("HeartBtInt=x", "f:3: HeartBtInt=x is not a whole number between 0 and 3600")]
    [TestCase("CheckLatency=1", "f:3: CheckLatency=1 is neither Y nor N")]
    [TestCase("StartTime=8:00", "f:3: StartTime=8:00 is not a time of day, HH:MM:SS")]
    [TestCase("StartTime=08:00:00", "f:1: [SESSION] StartTime and EndTime go together")]
    [TestCase("NonStopSession=Y|StartTime=08:00:00|EndTime=09:00:00", "f:1: [SESSION] NonStopSession=Y goes with neither StartTime, EndTime, StartDay, EndDay nor Weekdays")]
    [TestCase("StartDay=mon|EndDay=fri", "f:1: [SESSION] StartTime and EndTime are missing")]
    [TestCase("Weekdays=mon,xx", "f:3: Weekdays=mon,xx has 'xx', which is not a day of the week|f:1: [SESSION]")]
    [TestCase("TimeZone=Nowhere/Land", "f:3: TimeZone=Nowhere/Land is not a known time zone")]
    [TestCase("BeginString=FIX.4.2", "f:3: BeginString=FIX.4.2 is not FIX.4.4")]
    [TestCase("HeartBtIntMin=50|HeartBtIntMax=40", "f:1: [SESSION] HeartBtIntMin is above HeartBtIntMax")]
    public void What_cannot_be_is_told_with_its_line(string lines, string expected)
    {
        var (_, faults) = Read("[SESSION]\nSenderCompID=A\n" + lines.Replace('|', '\n') + "\nTargetCompID=B");
        Assert.That(faults, Is.Not.Empty);
        Assert.That(faults[0], Is.EqualTo(expected.Split('|')[0]));
    }

    [Test]
    public void Names_are_needed() => Assert.That(Read("[SESSION]").Faults, Is.EqualTo(new[] { "f:1: [SESSION] SenderCompID is missing", "f:1: [SESSION] TargetCompID is missing" }));

    [Test]
    public void The_callers_own_keys_are_its_own() => Assert.That(Read("[SESSION]\nSenderCompID=A\nTargetCompID=B\nFirm=X", "Firm").Faults, Is.Empty);

    [Test]
    public void The_read_me_page_lists_exactly_these_names()
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Wire.DictionaryPath)!, "README.md"));
        var section = page[page.IndexOf("## Settings", StringComparison.Ordinal)..page.IndexOf("## Decisions", StringComparison.Ordinal)];
        var rows = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|'));
        var listed = rows.SelectMany(cells => Name().Matches(cells[1]).Select(match => $"{match.Groups[1].Value} {cells[2].Trim()}"));
        var known = SettingNames.All.Values.Select(name => $"{name.Name} {name.Use switch { SettingUse.Taken => "yes", SettingUse.NoEffect => "no effect", _ => "no" }}");
        Assert.That(listed, Is.EquivalentTo(known));
    }

    private static (SessionConfig Config, List<string> Faults) Read(string text, params string[] own)
    {
        var faults = new List<string>();
        var file = SettingsFile.Parse(text, "f");
        return (SessionConfig.Read(file.Sections.Single(section => section.Name == "SESSION"), "f", faults, own), faults);
    }

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Name();
}
