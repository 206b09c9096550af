using System.Globalization;
using System.Text;

namespace Venue.Load;

/// <summary>The sample configuration with as many more instruments as wanted, Q1-USD to Qn-USD, and one session of a liquidity provider.</summary>
internal static class QuoteFolder
{
    public static string Symbol(int n) => "Q" + n.ToString(CultureInfo.InvariantCulture) + "-USD";

    public static void Write(string from, string to, int instruments)
    {
        SessionFolder.Write(from, to, 1, own: _ => "Kind=LiquidityProvider");
        var more = new StringBuilder();
        for (var i = 1; i <= instruments; i++)
            more.Append(CultureInfo.InvariantCulture, $"\n[INSTRUMENT]\nSymbol={Symbol(i)}\nBase=BTC\nQuote=USD\nTickSize=0.01\nLotSize=0.00001\nMinQty=0.00001\nMaxQty=1000\nMaxPrice=2000000\nReferencePrice=50000\nPriceBandPercent=20\n");
        File.AppendAllText(Path.Combine(to, "instruments.cfg"), more.ToString());
    }

    /// <summary>The body of a MassQuote (i): one entry on each instrument, both sides, one of two prices so that each moves both.</summary>
    public static string Body(string compID, string time, string id, int entries, bool isHigh)
    {
        var text = new StringBuilder($"35=i|49={compID}|56=VENUE|34=000000000|52={time}|117={id}|301=2|296=1|302=S|304={entries}|295={entries}|");
        var (bid, ask) = isHigh ? ("50000.01", "50010.01") : ("49999.99", "50009.99");
        for (var i = 1; i <= entries; i++) text.Append(CultureInfo.InvariantCulture, $"299={i}|55={Symbol(i)}|132={bid}|133={ask}|134=1.5|135=1.5|");
        return text.ToString();
    }
}
