using System.Globalization;
using System.Text;

namespace Venue.Load;

/// <summary>Makes a configuration one of many instruments, with sessions that only read.</summary>
internal static class MarketFolder
{
    /// <summary>Symbol(55) of instrument <paramref name="n"/>, from 1.</summary>
    public static string Symbol(int n) => string.Create(CultureInfo.InvariantCulture, $"M{n:000}-USD");

    /// <summary>Adds instruments, and makes the sessions from <paramref name="firstReader"/> on readers of market data.</summary>
    public static void Extend(string config, int instruments, int firstReader, int readers)
    {
        var text = new StringBuilder();
        for (var n = 1; n <= instruments; n++)
            text.Append(CultureInfo.InvariantCulture, $"\n[INSTRUMENT]\nSymbol={Symbol(n)}\nBase=BTC\nQuote=USD\nTickSize=0.01\nLotSize=0.00001\nMinQty=0.00001\nMaxQty=1000\nMaxPrice=2000000\nReferencePrice=50000\nPriceBandPercent=0\nMakerFeeBps=0\nTakerFeeBps=0\n");
        File.AppendAllText(Path.Combine(config, "instruments.cfg"), text.ToString());
        var path = Path.Combine(config, "sessions.cfg");
        var sessions = File.ReadAllText(path);
        for (var n = firstReader; n < firstReader + readers; n++)
            sessions = sessions.Replace($"TargetCompID={SessionFolder.CompID(n)}\n", $"TargetCompID={SessionFolder.CompID(n)}\nKind=MarketData\n", StringComparison.Ordinal);
        File.WriteAllText(path, sessions);
    }
}
