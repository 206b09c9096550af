using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>The REST calls that a client of the WebSocket API needs. Errors come with status 200, as Kraken's do.</summary>
internal sealed class KrakenRest(Exchange exchange, KrakenExchange kraken, IReadOnlyList<Account> accounts, Loop loop)
{
    /// <summary>Longest request body taken, in bytes.</summary>
    public const int BodyMax = 64 << 10;

    private const string UnknownMethod = "EGeneral:Unknown method";

    /// <summary>Answers one request.</summary>
    public async Task Handle(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        byte[] answer;
        if (path.StartsWith("/0/public/", StringComparison.Ordinal)) answer = await loop.Ask(() => Public(path["/0/public/".Length..])).ConfigureAwait(false);
        else if (path.StartsWith("/0/private/", StringComparison.Ordinal)) answer = await Private(context, path).ConfigureAwait(false);
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            answer = Error(UnknownMethod);
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer).ConfigureAwait(false);
    }

    private byte[] Public(string method) => method switch
    {
        "Time" => Result(w =>
        {
            w.WriteNumber("unixtime", kraken.NowNs / 1_000_000_000);
            w.WriteString("rfc1123", DateTime.UnixEpoch.AddTicks(kraken.NowNs / 100).ToString("r", CultureInfo.InvariantCulture));
        }),
        "SystemStatus" => Result(w =>
        {
            w.WriteString("status", "online");
            w.Time("timestamp", kraken.NowNs);
        }),
        "Assets" => Result(Assets),
        "AssetPairs" => Result(AssetPairs),
        _ => Error(UnknownMethod),
    };

    private async Task<byte[]> Private(HttpContext context, string path)
    {
        var body = HttpMethods.IsPost(context.Request.Method) ? await Body(context.Request).ConfigureAwait(false) : null;
        if (body is null) return Error("EGeneral:Invalid arguments");
        var key = context.Request.Headers["API-Key"].ToString();
        var sign = context.Request.Headers["API-Sign"].ToString();
        return await loop.Ask(() => Private(path, key, sign, body)).ConfigureAwait(false);
    }

    private byte[] Private(string path, string key, string sign, byte[] body)
    {
        if (key.Length == 0 || accounts.FirstOrDefault(a => a.ApiKey == key) is not { } account) return Error("EAPI:Invalid key");
        var nonce = Nonce(body);
        if (nonce is null || !ulong.TryParse(nonce, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Error("EAPI:Invalid nonce");
        if (!IsSigned(path, nonce, body, account.ApiSecret, sign)) return Error(IsSignature(sign) ? "EAPI:Invalid key" : "EAPI:Invalid signature");
        if (!kraken.TakesNonce(account, number)) return Error("EAPI:Invalid nonce");
        if (!kraken.TryCall(account)) return Error("EAPI:Rate limit exceeded");
        return path["/0/private/".Length..] switch
        {
            "GetWebSocketsToken" => Result(w =>
            {
                w.WriteString("token", kraken.NewToken(account));
                w.WriteNumber("expires", Tokens.LifeSeconds);
            }),
            "Balance" => Result(w =>
            {
                foreach (var (asset, balance) in account.Balances) w.WriteString(Names(asset).Asset, Decimals.Text(balance.Total, Instrument.AtomDecimals));
            }),
            _ => Error(UnknownMethod),
        };
    }

    // Kraken's two pages differ. Its support ("Common causes of invalid key error", June 2025): a signature that does not fit
    // to key and data is an invalid key, which is what clients with good keys report. Its guide to errors: an API-Sign
    // header that is not the expected one is an invalid signature. Ours: the latter for what cannot be a signature at all.
    private static bool IsSignature(string sign)
    {
        Span<byte> given = stackalloc byte[HMACSHA512.HashSizeInBytes];
        return Convert.TryFromBase64String(sign, given, out var length) && length == given.Length;
    }

    /// <summary>docs.kraken.com, "Spot REST authentication": HMAC-SHA512 over the path and the SHA-256 of nonce and body.</summary>
    public static bool IsSigned(string path, string nonce, ReadOnlySpan<byte> body, byte[] secret, string sign)
    {
        Span<byte> given = stackalloc byte[HMACSHA512.HashSizeInBytes];
        if (!Convert.TryFromBase64String(sign, given, out var length) || length != given.Length) return false;
        byte[] signed = [.. Encoding.ASCII.GetBytes(path), .. SHA256.HashData([.. Encoding.ASCII.GetBytes(nonce), .. body])];
        var expected = HMACSHA512.HashData(secret, signed);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>The nonce of a form or of a JSON object; null when there is none.</summary>
    public static string? Nonce(byte[] body)
    {
        if (body.Length > 0 && body[0] == '{')
        {
            if (!Json.TryParse(body, out var root) || !root.TryGetProperty("nonce", out var value)) return null;
            return value.ValueKind switch
            {
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.String => value.GetString(),
                _ => null,
            };
        }
        return QueryHelpers.ParseNullableQuery(Encoding.UTF8.GetString(body))?.GetValueOrDefault("nonce").FirstOrDefault();
    }

    private static async Task<byte[]?> Body(HttpRequest request)
    {
        var buffer = new byte[BodyMax + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var count = await request.Body.ReadAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            if (count == 0) return buffer[..length];
            length += count;
        }
        return null;
    }

    private void Assets(Utf8JsonWriter w)
    {
        foreach (var asset in exchange.Instruments.SelectMany(i => new[] { i.Base, i.Quote }).Distinct())
        {
            var (id, alternative) = Names(asset);
            w.WriteStartObject(id);
            w.WriteString("aclass", "currency");
            w.WriteString("altname", alternative);
            w.WriteNumber("decimals", Instrument.AtomDecimals);
            w.WriteNumber("display_decimals", 5);
            w.WriteString("status", "enabled");
            w.WriteEndObject();
        }
    }

    private void AssetPairs(Utf8JsonWriter w)
    {
        foreach (var i in exchange.Instruments)
        {
            var (baseID, baseName) = Names(i.Base);
            var (quoteID, quoteName) = Names(i.Quote);
            w.WriteStartObject(quoteID == quoteName ? baseName + quoteName : baseID + quoteID);
            w.WriteString("altname", baseName + quoteName);
            w.WriteString("wsname", $"{baseName}/{quoteName}");
            w.WriteString("aclass_base", "currency");
            w.WriteString("base", baseID);
            w.WriteString("aclass_quote", "currency");
            w.WriteString("quote", quoteID);
            w.WriteString("lot", "unit");
            w.WriteNumber("cost_decimals", Instrument.AtomDecimals);
            w.WriteNumber("pair_decimals", i.PriceDecimals);
            w.WriteNumber("lot_decimals", i.QtyDecimals);
            w.WriteNumber("lot_multiplier", 1);
            w.WriteStartArray("leverage_buy");
            w.WriteEndArray();
            w.WriteStartArray("leverage_sell");
            w.WriteEndArray();
            Fees(w, "fees", i.TakerFeePpm);
            Fees(w, "fees_maker", i.MakerFeePpm);
            w.WriteString("fee_volume_currency", "ZUSD");
            w.WriteNumber("margin_call", 80);
            w.WriteNumber("margin_stop", 40);
            w.WriteString("ordermin", Decimals.Trimmed(i.MinLots, i.QtyDecimals));
            w.WriteString("costmin", "0.0");
            w.WriteString("tick_size", i.Price(1));
            w.WriteString("status", exchange.IsHalted(i) ? "cancel_only" : "online");
            w.WriteEndObject();
        }
    }

    private static void Fees(Utf8JsonWriter w, string name, int ppm)
    {
        w.WriteStartArray(name);
        w.WriteStartArray();
        w.WriteNumberValue(0);
        w.WriteRawValue(Decimals.Trimmed(ppm, 4));   // percent
        w.WriteEndArray();
        w.WriteEndArray();
    }

    /// <summary>REST keeps the old names: X before coins of the first days, Z before money, XBT for BTC.</summary>
    private static (string Asset, string Alternative) Names(string asset) => asset switch
    {
        "BTC" => ("XXBT", "XBT"),
        "ETH" => ("XETH", "ETH"),
        "USD" => ("ZUSD", "USD"),
        "EUR" => ("ZEUR", "EUR"),
        _ => (asset, asset),
    };

    private static byte[] Result(Action<Utf8JsonWriter> members) => Json.Object(w =>
    {
        w.WriteStartArray("error");
        w.WriteEndArray();
        w.WriteStartObject("result");
        members(w);
        w.WriteEndObject();
    });

    private static byte[] Error(string text) => Json.Object(w =>
    {
        w.WriteStartArray("error");
        w.WriteStringValue(text);
        w.WriteEndArray();
    });
}
