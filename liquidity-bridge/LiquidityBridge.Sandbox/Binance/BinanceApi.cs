using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>The WebSocket API: requests with an id, answers with status, result or error, and rate limits.</summary>
internal sealed class BinanceApi(Exchange exchange, BinanceExchange binance, BinanceReports reports)
{
    private readonly BinanceMarketData _market = new(exchange, binance);

    /// <summary>Answers one request.</summary>
    public void Answer(BinanceConnection connection, BinanceRequest request)
    {
        // web-socket-api.md, "Rate limits": any request may ask to do without them.
        if (request.Text("returnRateLimits") is not (null or "true" or "false")) request.Refuse<string>(BinanceError.Illegal("returnRateLimits"));
        if (request.Fault is not null)
        {
            Send(connection, request, null, request.Fault, null);
            return;
        }
        var weight = Weight(request);
        if (binance.Limits.Take(weight, exchange.NowNs) is { Error: { } error } over)
        {
            Send(connection, request, null, error, null, over.RetryAfter);
            return;
        }
        switch (request.Method)
        {
            case "ping":
                Send(connection, request, null, null, _ => { });
                break;
            case "time":
                Send(connection, request, null, null, w => w.WriteNumber("serverTime", binance.Login.Ms(exchange.NowNs)));
                break;
            case "exchangeInfo" or "depth":
                var (fault, members) = request.Method == "depth" ? _market.Depth(request) : _market.Info(request);
                Send(connection, request, null, fault, members);
                break;
            case "session.status" or "session.logout":
                if (request.Method == "session.logout") connection.Session = null;
                Send(connection, request, null, null, w => Session(w, connection));
                break;
            case "userDataStream.unsubscribe":
                connection.UserData.Clear();
                Send(connection, request, null, null, _ => { });
                break;
            default:
                Signed(connection, request);
                break;
        }
    }

    private void Signed(BinanceConnection connection, BinanceRequest request)
    {
        var (error, account) = binance.Login.Check(request, connection.Session, exchange.NowNs);
        if (error is not null)
        {
            Send(connection, request, null, error, null);
            return;
        }
        switch (request.Method)
        {
            case "session.logon":
                if (!binance.Login.OpensSessions(request.Text("apiKey") ?? "")) Send(connection, request, null, BinanceError.NotEd25519, null);
                else
                {
                    connection.Session = account;
                    Send(connection, request, account, null, w => Session(w, connection));
                }
                break;
            case "userDataStream.subscribe" when connection.Session is null:
                Send(connection, request, account, BinanceError.BadKey, null);
                break;
            case "userDataStream.subscribe" or "userDataStream.subscribe.signature":
                if (connection.UserData.ContainsValue(account!))
                {
                    Send(connection, request, account, BinanceError.NotSubscribed, null);
                    break;
                }
                var id = connection.NextSubscription++;
                connection.UserData[id] = account!;
                Send(connection, request, account, null, w => w.WriteNumber("subscriptionId", id));
                break;
            case "order.place":
                binance.Trading.Place(account!, request, (e, result) => Send(connection, request, account, e, result), connection.Abort);
                break;
            default:
                var (fault, members) = request.Method switch
                {
                    "order.cancel" => Held(() => binance.Trading.Cancel(account!, request)),
                    "order.status" => binance.Trading.Status(account!, request),
                    "openOrders.status" => binance.Trading.Open(account!, request),
                    "openOrders.cancelAll" => Held(() => binance.Trading.CancelAll(account!, request)),
                    "myTrades" => binance.Trading.Trades(account!, request),
                    "account.status" => (null, w => Account(w, account!)),
                    _ => (BinanceError.NoMethod, (Action<Utf8JsonWriter>?)null),
                };
                Send(connection, request, account, fault, members);
                reports.Release();
                break;
        }
    }

    /// <summary>What it causes is told after its answer.</summary>
    private (BinanceError?, Action<Utf8JsonWriter>?) Held(Func<(BinanceError?, Action<Utf8JsonWriter>?)> act)
    {
        reports.Hold();
        return act();
    }

    private static int Weight(BinanceRequest request) => request.Method switch
    {
        "depth" => BinanceMarketData.DepthWeight(request),
        "exchangeInfo" or "myTrades" or "account.status" => 20,
        "order.status" => 4,
        "openOrders.status" => 6,
        "session.logon" or "session.status" or "session.logout" or "userDataStream.subscribe" or "userDataStream.subscribe.signature" => 2,
        _ => 1,
    };

    private static void Account(Utf8JsonWriter w, Account account)
    {
        w.WriteNumber("makerCommission", 10);
        w.WriteNumber("takerCommission", 10);
        w.WriteBoolean("canTrade", true);
        w.WriteBoolean("canWithdraw", false);
        w.WriteBoolean("canDeposit", false);
        w.WriteString("accountType", "SPOT");
        w.WriteStartArray("balances");
        foreach (var (asset, balance) in account.Balances)
        {
            w.WriteStartObject();
            w.WriteString("asset", asset);
            w.WriteString("free", BinanceText.Amount(balance.Available));
            w.WriteString("locked", BinanceText.Amount(balance.Held));
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartArray("permissions");
        w.WriteStringValue("SPOT");
        w.WriteEndArray();
    }

    private void Session(Utf8JsonWriter w, BinanceConnection connection)
    {
        if (connection.Session is { } account) w.WriteString("apiKey", account.Ed25519Key);
        else w.WriteNull("apiKey");
        w.WriteNumber("serverTime", binance.Login.Ms(exchange.NowNs));
        w.WriteBoolean("returnRateLimits", true);
        w.WriteBoolean("userDataStream", connection.UserData.Count > 0);
    }

    private void Send(BinanceConnection connection, BinanceRequest request, Account? account, BinanceError? error, Action<Utf8JsonWriter>? result, int retryAfter = 0) => connection.Send(Json.Object(w =>
    {
        w.WritePropertyName("id");
        w.WriteRawValue(request.ID ?? "null");
        w.WriteNumber("status", error?.Status ?? 200);
        if (error is not null)
        {
            w.WriteStartObject("error");
            w.WriteNumber("code", error.Code);
            w.WriteString("msg", error.Message);
            if (retryAfter > 0)
            {
                w.WriteStartObject("data");
                w.WriteNumber("serverTime", BinanceText.Ms(exchange.NowNs));
                w.WriteNumber("retryAfter", BinanceText.Ms(exchange.NowNs) + 1000L * retryAfter);
                w.WriteEndObject();
            }
            w.WriteEndObject();
        }
        else
        {
            w.WritePropertyName("result");
            w.WriteRawValue(Value(result!));
        }
        if (request.Text("returnRateLimits") != "false") binance.Limits.Write(w, exchange.NowNs, account);
    }), exchange.NowNs);

    // Members of an object, unless what is written is a list of its own.
    private static byte[] Value(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using var w = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        w.WriteStartObject();
        write(w);
        w.WriteEndObject();
        w.Flush();
        var written = buffer.WrittenSpan;
        return written is [(byte)'{', (byte)'[', ..] ? written[1..^1].ToArray() : written.ToArray();
    }
}
