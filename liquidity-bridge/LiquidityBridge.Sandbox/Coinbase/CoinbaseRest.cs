using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>The REST calls of Advanced Trade: markets, orders, fills, accounts.</summary>
internal sealed class CoinbaseRest(Exchange exchange, CoinbaseExchange coinbase, CoinbaseJwt tokens, Faults faults, Loop loop)
{
    /// <summary>Longest request body taken, in bytes.</summary>
    public const int BodyMax = 64 << 10;

    private const string Root = "/api/v3/brokerage/";
    private const long SecondNs = 1_000_000_000;
    private const int PublicPerSecond = 10, PrivatePerSecond = 30, PageMax = 250, DepthMax = 1000;

    private readonly RateWindows<string> _public = new(PublicPerSecond, SecondNs);
    private readonly RateWindows<Account> _private = new(PrivatePerSecond, SecondNs);

    private readonly record struct Answer(int Status, byte[] Body, bool IsLost = false, long DelayNs = 0);

    /// <summary>Answers one request.</summary>
    public async Task Handle(HttpContext context)
    {
        var request = context.Request;
        var (method, path) = (request.Method, request.Path.Value ?? "");
        var bearer = request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] ? token : "";
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var uri = $"{method} {request.Host.Value}{path}";
        var body = await Body(request).ConfigureAwait(false);
        var answer = await loop.Ask(() =>
        {
            exchange.NowNs = loop.NowNs;
            return Do(method, path, request.Query, body, bearer, uri, address);
        }).ConfigureAwait(false);
        if (answer.DelayNs > 0) await Task.Delay(TimeSpan.FromMicroseconds(answer.DelayNs / 1000)).ConfigureAwait(false);
        if (answer.IsLost)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body).ConfigureAwait(false);
    }

    private static async Task<JsonElement?> Body(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentLength is not (> 0 and <= BodyMax)) return null;
        var bytes = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(bytes).ConfigureAwait(false);
        return Json.TryParse(bytes, out var root) && root.ValueKind == JsonValueKind.Object ? root : null;
    }

    private Answer Do(string method, string path, IQueryCollection query, JsonElement? body, string token, string uri, string address)
    {
        if (method == HttpMethods.Get && Public(path, query, address) is { } open) return open;
        // The live service answers a token that is not good with this plain text.
        if (tokens.Find(token, uri, coinbase.NowNs) is not { } account) return new Answer(StatusCodes.Status401Unauthorized, "Unauthorized\n"u8.ToArray());
        if (!_private.TryTake(account, loop.NowNs)) return TooMany();
        return (method, path) switch
        {
            ("POST", Root + "orders") => Create(account, body),
            ("POST", Root + "orders/batch_cancel") => Cancel(account, body),
            ("POST", Root + "orders/edit") => Edit(account, body),
            ("GET", Root + "orders/historical/batch") => Orders(account, query),
            ("GET", Root + "orders/historical/fills") => Fills(account, query),
            ("GET", Root + "accounts") => Accounts(account),
            ("GET", Root + "transaction_summary") => FeeTier(),
            ("GET", Root + "products") => Products(),
            ("GET", Root + "product_book") => Book(query),
            ("GET", _) when path.StartsWith(Root + "orders/historical/", StringComparison.Ordinal) => Order(account, path[(Root + "orders/historical/").Length..]),
            _ => Error(404, "NOT_FOUND", "route not found"),
        };
    }

    private Answer? Public(string path, IQueryCollection query, string address)
    {
        Func<Answer>? answer = path switch
        {
            Root + "time" => Time,
            Root + "market/products" => query["product_type"] == "FUTURE" ? () => Ok(w => w.WriteStartArray("products"), w => w.WriteEndArray()) : Products,
            Root + "market/product_book" => () => Book(query),
            // What ccxt wants to know of an older API before it begins.
            "/v2/currencies" or "/v2/currencies/crypto" => () => Ok(w => w.WriteStartArray("data"), w => w.WriteEndArray()),
            "/v2/exchange-rates" => () => Ok(w =>
            {
                w.WriteStartObject("data");
                w.WriteString("currency", "USD");
                w.WriteStartObject("rates");
            }, w =>
            {
                w.WriteEndObject();
                w.WriteEndObject();
            }),
            _ => null,
        };
        if (answer is null) return null;
        return _public.TryTake(address, loop.NowNs) ? answer() : TooMany();
    }

    private Answer Time() => Ok(w =>
    {
        w.WriteString("iso", Json.Time(coinbase.NowNs));
        w.WriteString("epochSeconds", $"{coinbase.NowNs / SecondNs}");
        w.WriteString("epochMillis", $"{coinbase.NowNs / 1_000_000}");
    });

    private Answer Products() => Ok(w =>
    {
        w.WriteStartArray("products");
        foreach (var i in exchange.Instruments)
        {
            var halted = exchange.IsHalted(i);
            w.WriteStartObject();
            w.WriteString("product_id", i.Symbol);
            w.WriteString("product_type", "SPOT");
            w.WriteString("base_currency_id", i.Base);
            w.WriteString("quote_currency_id", i.Quote);
            w.WriteString("base_increment", i.Quantity(1));
            w.WriteString("quote_increment", coinbase.Feed.Increment(i));
            w.WriteString("price_increment", coinbase.Feed.Increment(i));
            w.WriteString("base_min_size", CoinbaseText.Plain(i.MinLots, i.QtyDecimals));
            w.WriteString("base_max_size", CoinbaseText.Plain(i.MaxLots, i.QtyDecimals));
            w.WriteString("quote_min_size", "1");
            w.WriteString("quote_max_size", "150000000");
            w.WriteString("status", halted ? "offline" : "online");
            w.WriteBoolean("is_disabled", false);
            w.WriteBoolean("cancel_only", halted);
            w.WriteBoolean("limit_only", false);
            w.WriteBoolean("post_only", false);
            w.WriteBoolean("trading_disabled", halted);
            w.WriteString("alias", "");
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteNumber("num_products", exchange.Instruments.Count);
    });

    private Answer Book(IQueryCollection query)
    {
        if (exchange.Find(query["product_id"].ToString()) is not { } instrument) return Error(400, "INVALID_ARGUMENT", "product_id is not a product");
        var depth = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, DepthMax) : DepthMax;
        var view = new DepthView(exchange, instrument, depth);
        view.Advance();
        return Ok(w =>
        {
            w.WriteStartObject("pricebook");
            w.WriteString("product_id", instrument.Symbol);
            foreach (var (name, levels) in new[] { ("bids", view.Bids), ("asks", view.Asks) })
            {
                w.WriteStartArray(name);
                foreach (var (ticks, lots) in levels)
                {
                    w.WriteStartObject();
                    w.WriteString("price", CoinbaseText.Plain(ticks, instrument.PriceDecimals));
                    w.WriteString("size", CoinbaseText.Plain(lots, instrument.QtyDecimals));
                    w.WriteEndObject();
                }
                w.WriteEndArray();
            }
            w.Time("time", coinbase.NowNs);
            w.WriteEndObject();
        });
    }

    private Answer Create(Account account, JsonElement? body)
    {
        if (body is not { } order) return Error(400, "INVALID_ARGUMENT", "the body is not an order");
        if (faults.Take(FaultKind.RateLimit)) return TooMany();
        // What the order causes is told on a socket at once: behind a slow answer everything else has come already.
        var isSlow = faults.Take(FaultKind.SlowAck) || faults.Take(FaultKind.FillBeforeAck);
        var (error, created) = coinbase.Trading.Create(account, order);
        var isDropped = faults.Take(FaultKind.DropAfterOrder);
        if (isDropped) coinbase.Peers.Disconnect();
        var answer = error is not null ? Ok(w =>
        {
            w.WriteBoolean("success", false);
            w.WriteString("failure_reason", "UNKNOWN_FAILURE_REASON");
            w.WriteStartObject("error_response");
            w.WriteString("error", error);
            w.WriteString("message", error);
            w.WriteString("error_details", "");
            w.WriteString("preview_failure_reason", $"PREVIEW_{error}");
            w.WriteEndObject();
        }) : Ok(w =>
        {
            w.WriteBoolean("success", true);
            w.WriteStartObject("success_response");
            w.WriteString("order_id", CoinbaseText.ID(created!.ID));
            w.WriteString("product_id", created.Instrument.Symbol);
            w.WriteString("side", CoinbaseText.Of(created.Side));
            w.WriteString("client_order_id", created.ClOrdID);
            w.WriteEndObject();
        });
        return answer with { IsLost = isDropped || faults.Take(FaultKind.AckLost), DelayNs = isSlow ? faults.SlowNs : 0 };
    }

    private Answer Cancel(Account account, JsonElement? body)
    {
        if (body is not { } cancel || CoinbaseTrading.Texts(cancel, "order_ids") is not { } ids) return Error(400, "INVALID_ARGUMENT", "order_ids is missing");
        return Ok(w =>
        {
            w.WriteStartArray("results");
            foreach (var id in ids)
            {
                var failure = coinbase.Trading.Cancel(account, id);
                w.WriteStartObject();
                w.WriteBoolean("success", failure is null);
                w.WriteString("failure_reason", failure ?? "UNKNOWN_CANCEL_FAILURE_REASON");
                w.WriteString("order_id", id);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    private Answer Edit(Account account, JsonElement? body)
    {
        if (body is not { } edit) return Error(400, "INVALID_ARGUMENT", "the body is not an edit");
        var failure = coinbase.Trading.Edit(account, edit);
        return Ok(w =>
        {
            w.WriteBoolean("success", failure is null);
            w.WriteStartArray("errors");
            if (failure is not null)
            {
                w.WriteStartObject();
                w.WriteString("edit_failure_reason", failure);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    private Answer Order(Account account, string id) => coinbase.Trading.Find(account, id) is { } order
        ? Ok(w =>
        {
            w.WritePropertyName("order");
            CoinbaseOrders.Write(w, order);
        })
        : Error(404, "NOT_FOUND", $"order with this orderID was not found: {id}");

    private Answer Orders(Account account, IQueryCollection query)
    {
        var (products, ids, limit, offset) = Page(query);
        var from = DateTimeOffset.TryParse(query["start_date"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? (start - DateTimeOffset.UnixEpoch).Ticks * 100 : 0;
        var all = coinbase.Trading.Of(account).Where(o => o.AcceptedNs >= from && (products.Count == 0 || products.Contains(o.Instrument.Symbol)) && (ids.Count == 0 || ids.Contains(CoinbaseText.ID(o.ID)))).ToList();
        return Ok(w =>
        {
            w.WriteStartArray("orders");
            foreach (var order in all.Skip(offset).Take(limit)) CoinbaseOrders.Write(w, order);
            w.WriteEndArray();
            w.WriteBoolean("has_next", all.Count > offset + limit);
            w.WriteString("cursor", all.Count > offset + limit ? $"{offset + limit}" : "");
        });
    }

    private Answer Fills(Account account, IQueryCollection query)
    {
        var (products, ids, limit, offset) = Page(query);
        var all = coinbase.Orders.Fills(account).Where(f => (products.Count == 0 || products.Contains(f.Order.Instrument.Symbol)) && (ids.Count == 0 || ids.Contains(CoinbaseText.ID(f.Order.ID)))).ToList();
        return Ok(w =>
        {
            w.WriteStartArray("fills");
            foreach (var (order, fill, atNs) in all.Skip(offset).Take(limit)) CoinbaseOrders.Write(w, order, fill, atNs);
            w.WriteEndArray();
            w.WriteString("cursor", all.Count > offset + limit ? $"{offset + limit}" : "");
        });
    }

    private static (HashSet<string> Products, HashSet<string> IDs, int Limit, int Offset) Page(IQueryCollection query)
    {
        var limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var l) ? Math.Clamp(l, 1, PageMax) : 100;
        var offset = int.TryParse(query["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out var o) ? o : 0;
        return ([.. query["product_ids"].OfType<string>()], [.. query["order_ids"].OfType<string>()], limit, offset);
    }

    private static Answer Accounts(Account account) => Ok(w =>
    {
        w.WriteStartArray("accounts");
        var number = 0;
        foreach (var (asset, balance) in account.Balances)
        {
            w.WriteStartObject();
            w.WriteString("uuid", CoinbaseText.ID((1L << 41) + ++number));
            w.WriteString("name", $"{asset} Wallet");
            w.WriteString("currency", asset);
            foreach (var (name, atoms) in new[] { ("available_balance", balance.Available), ("hold", balance.Held) })
            {
                w.WriteStartObject(name);
                w.WriteString("value", CoinbaseText.Plain(atoms, Instrument.AtomDecimals));
                w.WriteString("currency", asset);
                w.WriteEndObject();
            }
            w.WriteString("type", asset is "USD" or "EUR" ? "ACCOUNT_TYPE_FIAT" : "ACCOUNT_TYPE_CRYPTO");
            w.WriteBoolean("active", true);
            w.WriteBoolean("ready", true);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteBoolean("has_next", false);
        w.WriteString("cursor", "");
    });

    private Answer FeeTier() => Ok(w =>
    {
        var first = exchange.Instruments[0];
        w.WriteStartObject("fee_tier");
        w.WriteString("pricing_tier", "Sandbox");
        w.WriteString("maker_fee_rate", Decimals.Text(first.MakerFeePpm, 6));
        w.WriteString("taker_fee_rate", Decimals.Text(first.TakerFeePpm, 6));
        w.WriteEndObject();
    });

    private static Answer TooMany() => Error(429, "RESOURCE_EXHAUSTED", "rate limit exceeded");

    private static Answer Ok(params ReadOnlySpan<Action<Utf8JsonWriter>> members)
    {
        var all = members.ToArray();
        return new Answer(StatusCodes.Status200OK, Json.Object(w =>
        {
            foreach (var part in all) part(w);
        }));
    }

    private static Answer Error(int status, string error, string message) => new(status, Json.Object(w =>
    {
        w.WriteString("error", error);
        w.WriteString("error_details", message);
        w.WriteString("message", message);
    }));
}
