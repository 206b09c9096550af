using System.Text;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>Valid messages with a few wounds: pieces put in, bytes changed, cut or doubled. The same seed wounds in the same way.</summary>
internal sealed class Mutant(int seed, string[] seeds)
{
    private static readonly string[] _pieces =
    [
        "null", "[]", "{}", "\"", "\\ud800", "\\u0000", "-", "1e400", "1e-400", "NaN", "-1", "99999999999999999999999999", "-0", "0.000000000000000001", "true", ",", ":",
        new string('[', 40), "{\"a\":{\"a\":{\"a\":", "\u00e9", "\ud83d\ude00", "\"1\":1,\"1\":2",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next message as valid UTF-8: a WebSocket takes no other text.</summary>
    public string NextText() => Encoding.UTF8.GetString(Next());

    /// <summary>The next message.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(seeds[_random.Next(seeds.Length)]));
        for (var wounds = _random.Next(4); wounds > 0 && bytes.Count > 0; wounds--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(_pieces[_random.Next(_pieces.Length)]));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 30), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return bytes.Count == 0 ? [(byte)'{'] : [.. bytes];
    }
}
