using System.Globalization;
using System.Text;
using LiquidityBridge.Tests.Sandbox;
using Venue.Fix;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>What no exchange would send, made of what one would.</summary>
internal static class HostileText
{
    private const int TenMegabytes = 10 << 20;

    private static readonly Lazy<FixDictionary> _dictionary = new(() =>
    {
        using var xml = File.OpenRead(Places.Path("liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml"));
        return FixDictionary.Load(xml);
    });

    /// <summary>The sandbox's words.</summary>
    public static FixDictionary Dictionary => _dictionary.Value;

    /// <summary>A message with ten megabytes in one of its texts; it is well formed in every other respect.</summary>
    public static string TooLarge(string message) => IsJson(message)
        ? With($"\"x\":\"{new string('x', TenMegabytes)}\"", message)
        : Refit(message, body => $"{body}58={new string('x', TenMegabytes)}|");

    /// <summary>A message with lists within lists; in FIX, a group within a group where the dictionary has none.</summary>
    public static string Nested(string message) => IsJson(message)
        ? With($"\"x\":{new string('[', 40)}{new string(']', 40)}", message)
        : Refit(message, body => $"{body}453=1|448=x|802=1|523=x|");

    /// <summary>A message with a member twice; in FIX, with the first field of its body.</summary>
    public static string Twice(string message) => IsJson(message) ? With("\"x\":1,\"x\":1", message) : Refit(message, body => body + body.Split('|')[0] + "|");

    /// <summary>A FIX message of this body, "35=D|11=x|", with its header and sum.</summary>
    public static string Fix(string body, string sender, string target, int number, long nowNs)
    {
        var split = body.IndexOf('|', StringComparison.Ordinal) + 1;
        var time = DateTime.UnixEpoch.AddTicks(nowNs / 100).ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return Framed($"{body[..split]}34={number}|49={sender}|52={time}|56={target}|{body[split..]}");
    }

    private static bool IsJson(string message) => message[0] != '8';

    /// <summary>These members in front of the others of the message; of a list, in front of those of its first object.</summary>
    private static string With(string members, string message)
    {
        var at = message.IndexOf('{', StringComparison.Ordinal) + 1;
        return $"{message[..at]}{members},{message[at..]}";
    }

    /// <summary>The same message with another body: what is behind TargetCompID(56) is changed.</summary>
    private static string Refit(string message, Func<string, string> change)
    {
        var text = message.Replace('\u0001', '|');
        var from = text.IndexOf("35=", StringComparison.Ordinal);
        text = text[from..text.LastIndexOf("10=", StringComparison.Ordinal)];
        var split = text.IndexOf('|', text.IndexOf("|56=", StringComparison.Ordinal) + 1) + 1;
        return Framed(text[..split] + change(text[split..]));
    }

    private static string Framed(string body)
    {
        var text = $"8=FIX.4.4|9={body.Length}|{body}".Replace('|', '\u0001');
        return $"{text}10={Encoding.ASCII.GetBytes(text).Sum(b => b) % 256:000}\u0001";
    }
}
