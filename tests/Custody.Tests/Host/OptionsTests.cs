using Custody.Host.Config;

namespace Custody.Tests.Host;

/// <summary>Options are read from two places and every fault is said at once.</summary>
public sealed class OptionsTests
{
    [Test]
    public void All_faults_are_said_at_once()
    {
        var faults = new List<string>();
        OptionTable.Read(
            new Dictionary<string, string> { ["PollMs"] = "soon", ["Host"] = "localhost", ["Policy"] = "/nowhere/policy.json" },
            new Dictionary<string, string> { ["CUSTODY_PORT"] = "70000", ["CUSTODY_VENUE"] = "venue:9880", ["CUSTODY_OPERATORS"] = "/nowhere/o", ["CUSTODY_SIGNER_TOKEN_FILE"] = "/nowhere/s", ["CUSTODY_VENUE_TOKEN_FILE"] = "/nowhere/v" },
            faults);

        Assert.That(string.Join('\n', faults), Is.EqualTo("""
            --poll-ms: 'soon' is not a whole number
            policy: '/nowhere/policy.json' does not exist, everything would be refused
            operators: '/nowhere/o' does not exist, nobody could ask for anything
            signer-token-file: '/nowhere/s' does not exist, the signer would not listen (run 'signer init')
            venue-token-file: '/nowhere/v' does not exist, the venue would not listen
            venue: 'venue:9880' is not an http or https address
            host: 'localhost' is not an IP address to listen on
            port: 70000 is not between 0 and 65535 (a TCP port, or 0 for any free one)
            """));
    }

    [Test]
    public void Every_option_can_be_set_and_the_command_line_wins()
    {
        foreach (var row in OptionTable.All)
        {
            var environment = new Dictionary<string, string> { [OptionTable.Variable(row.Name)] = "11" };
            var property = typeof(CustodyOptions).GetProperty(row.Name)!;
            Assert.That(property.GetValue(OptionTable.Read(new Dictionary<string, string>(), environment, []))!.ToString(), Is.EqualTo("11"), row.Name);
            Assert.That(property.GetValue(OptionTable.Read(new Dictionary<string, string> { [row.Name] = "12" }, environment, []))!.ToString(), Is.EqualTo("12"), row.Name);
        }
        Assert.That(typeof(CustodyOptions).GetProperties().Select(p => p.Name).Except(OptionTable.All.Select(o => o.Name)).Except(["EqualityContract"]), Is.Empty);
    }
}
