using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiquidityBridge.Host.Desk;

/// <summary>
/// What the page shows, for programs: GET /state gives <see cref="DeskState"/> as JSON (snake_case, amounts of 128 bits as
/// text) to whoever brings the bearer token of the file <c>desk.token</c>, which the first start makes for its owner alone.
/// </summary>
public sealed class StateEndpoint
{
    /// <summary>Its address.</summary>
    public const string Path = "/state";

    private const int TokenBytes = 32;
    private const string Scheme = "Bearer ";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new AtomsConverter() },
    };

    private readonly BridgeLoop _loop;
    private readonly byte[] _tokenHash;

    /// <param name="loop">Whose state it gives.</param>
    /// <param name="tokenFile">Read, or made when it is missing.</param>
    public StateEndpoint(BridgeLoop loop, string tokenFile)
    {
        _loop = loop;
        _tokenHash = SHA256.HashData(Encoding.UTF8.GetBytes(ReadOrMake(tokenFile)));
    }

    /// <summary>Answers a request; 401 without the token.</summary>
    public IResult Answer(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _tokenHash)
            ? Results.Json(_loop.Desk, Json)
            : Results.Unauthorized();
    }

    private static string ReadOrMake(string path)
    {
        if (File.Exists(path)) return File.ReadAllText(path).Trim();
        var token = RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(token + "\n"));
        file.Flush(flushToDisk: true);
        return token;
    }

    // A JSON number of 128 bits would be rounded by most readers.
    private sealed class AtomsConverter : JsonConverter<Int128>
    {
        public override Int128 Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Int128.Parse(reader.GetString() ?? "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, Int128 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
