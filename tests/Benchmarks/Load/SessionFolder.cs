using System.Globalization;
using System.Text;

namespace Venue.Load;

/// <summary>A configuration folder with as many sessions as wanted, LOAD1 to LOADn, each of a rich firm; the rest is the sample's.</summary>
internal static class SessionFolder
{
    private const int Firms = 8;

    /// <summary>CompID of session <paramref name="n"/>, from 1.</summary>
    public static string CompID(int n) => "LOAD" + n.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the folder. <paramref name="defaults"/> are further lines for [DEFAULT] of sessions.cfg, <paramref name="own"/> for a session of its own.</summary>
    public static void Write(string from, string to, int sessions, string defaults = "", Func<int, string>? own = null)
    {
        Directory.CreateDirectory(to);
        foreach (var file in (string[])["VENUE44.xml", "instruments.cfg"]) File.Copy(Path.Combine(from, file), Path.Combine(to, file), overwrite: true);
        var firms = new StringBuilder();
        for (var i = 1; i <= Firms; i++) firms.Append(CultureInfo.InvariantCulture, $"[FIRM]\nName=FIRM{i}\nBalance.USD=1000000000000\nBalance.BTC=10000000\nBalance.ETH=10000000\n");
        File.WriteAllText(Path.Combine(to, "firms.cfg"), firms.ToString());
        var text = new StringBuilder($"[DEFAULT]\nConnectionType=acceptor\nBeginString=FIX.4.4\nSenderCompID=VENUE\nDataDictionary=VENUE44.xml\n{defaults}\n");
        for (var i = 1; i <= sessions; i++) text.Append(CultureInfo.InvariantCulture, $"[SESSION]\nTargetCompID={CompID(i)}\nFirm=FIRM{1 + i % Firms}\n{own?.Invoke(i)}\n");
        File.WriteAllText(Path.Combine(to, "sessions.cfg"), text.ToString());
    }
}
