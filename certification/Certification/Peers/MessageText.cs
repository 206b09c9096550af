using System.Globalization;
using System.Text;

namespace Certification;

/// <summary>Writes a message from tags and values, right or damaged on purpose.</summary>
/// <remarks>Its own, not the library's writer: a script must be able to send what no engine would.</remarks>
internal static class MessageText
{
    /// <summary>The whole message: 8 and 9 before <paramref name="fields"/>, which begin with 35, and 10 after them.</summary>
    public static byte[] Encode(string beginString, IEnumerable<(int Tag, string Value)> fields, Damage damage = Damage.None)
    {
        var body = new StringBuilder();
        foreach (var (tag, value) in fields) body.Append(CultureInfo.InvariantCulture, $"{tag}={value}\u0001");
        var length = body.Length + (damage == Damage.BodyLength ? 7 : 0);
        var text = Encoding.Latin1.GetBytes($"8={beginString}\u00019={length.ToString(CultureInfo.InvariantCulture)}\u0001{body}");
        var sum = text.Aggregate(0, (total, b) => (total + b) & 0xff);
        if (damage == Damage.CheckSum) sum = (sum + 1) & 0xff;
        return [.. text, .. Encoding.ASCII.GetBytes($"10={sum:000}\u0001")];
    }

    /// <summary>UTCTIMESTAMP in milliseconds.</summary>
    public static string Time(DateTime utc) => utc.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
