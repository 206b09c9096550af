namespace EndToEnd;

/// <summary>A counterparty's engine is configured by the published files and nothing else.</summary>
[Category("EndToEnd")]
public class RulesTests
{
    [Test]
    public void QuickFIX_logs_on_with_each_published_settings_file()
    {
        using var venue = new VenueProcess();
        venue.Start();
        var folder = Places.NewFolder("client");
        try
        {
            File.Copy(Places.Dictionary, Path.Combine(folder, "VENUE44.xml"));
            var files = Directory.GetFiles(Places.Config, "client-*.cfg");
            Assert.That(files, Has.Length.EqualTo(5));
            // Each waits for its engine's own interval: all at once.
            Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = files.Length }, file => LogOn(file, folder, venue.Port));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void LogOn(string file, string folder, int port)
    {
        // Only the port and the store are others: the venue of a test takes a free one, and five clients share a folder.
        var text = File.ReadAllText(file);
        var compID = text.Split('\n').Single(l => l.StartsWith("SenderCompID=", StringComparison.Ordinal))["SenderCompID=".Length..];
        Assert.That(text, Does.Contain("\nSocketConnectPort=9878\n").And.Contain("\nFileStorePath=store\n"));
        var path = Path.Combine(folder, Path.GetFileName(file));
        File.WriteAllText(path, text.Replace("\nSocketConnectPort=9878\n", $"\nSocketConnectPort={port}\n", StringComparison.Ordinal).Replace("\nFileStorePath=store\n", $"\nFileStorePath=store-{compID}\n", StringComparison.Ordinal));
        using var client = FixClient.OfSettings(path, compID);
        client.Connect();
        // Reference data is everybody's: the answer is checked against the published dictionary.
        client.Do("raw x 320=l|559=4");
        Assert.That(client.WaitForMessage("the instruments", m => m.Type == "y", 0)[560], Is.EqualTo("0"), compID);
        client.Settle();
        Assert.That(client.Outgoing(0).Where(m => m.Type is "3" or "j"), Is.Empty, compID);
    }
}
