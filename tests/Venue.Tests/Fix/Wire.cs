using System.Text;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Messages as text: '|' stands for the delimiter, BodyLength and CheckSum are filled in.</summary>
internal static class Wire
{
    public const long Noon = 1_795_348_800L * 1_000_000_000;   // 2026-11-22 12:00:00

    private static FixDictionary? _dictionary;

    /// <summary>The venue's own dictionary.</summary>
    public static FixDictionary Dictionary
    {
        get
        {
            if (_dictionary is not null) return _dictionary;
            using var file = File.OpenRead(DictionaryPath);
            return _dictionary = FixDictionary.Load(file);
        }
    }

    public static string DictionaryPath
    {
        get
        {
            var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Venue.sln"))) folder = folder.Parent!;
            return Path.Combine(folder.FullName, "fix-config", "VENUE44.xml");
        }
    }

    /// <summary>A whole message around <paramref name="body"/>, which starts with 35=.</summary>
    public static byte[] Frame(string body, string beginString = "FIX.4.4")
    {
        var fields = Bytes(body.EndsWith('|') ? body : body + "|");
        var message = Bytes($"8={beginString}|9={fields.Length}|").Concat(fields).ToArray();
        return [.. message, .. Bytes($"10={message.Sum(b => b) % 256:000}|")];
    }

    /// <summary>As <see cref="Frame"/>, with 49, 56 and 52 put after 35 unless they are given.</summary>
    public static byte[] From(string sender, string target, long nowNs, string body)
    {
        var fields = body.Split('|').ToList();
        var version = "FIX.4.4";
        if (fields[0].StartsWith("8=", StringComparison.Ordinal))
        {
            version = fields[0][2..];
            fields.RemoveAt(0);
        }
        if (!body.Contains("|52=")) fields.Insert(1, "52=" + Time(nowNs));
        if (!body.Contains("|56=")) fields.Insert(1, "56=" + target);
        if (!body.Contains("|49=")) fields.Insert(1, "49=" + sender);
        return Frame(string.Join('|', fields.Where(field => !field.EndsWith("=-", StringComparison.Ordinal))), version);
    }

    public static string Time(long ns) =>
        DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyyMMdd-HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\u0001', '|');
}
