using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>The REST calls of Coinbase Exchange: products, books, orders, fills, accounts.</summary>
internal sealed class FeedRest(Exchange exchange, FeedExchange feed, FeedLogin login, Faults faults, Loop loop)
{
    /// <summary>Longest request body taken, in bytes.</summary>
    public const int BodyMax = 64 << 10;

    private const long SecondNs = 1_000_000_000;
    private const int PublicPerSecond = 10, PrivatePerSecond = 15, PageMax = 100, DepthMax = 1000;

    private readonly FeedTrading _trading = new(exchange, feed, faults);
    private readonly RateWindows<string> _public = new(PublicPerSecond, SecondNs);
    private readonly RateWindows<Account> _private = new(PrivatePerSecond, SecondNs);

    private readonly record struct Answer(int Status, byte[] Body, string After = "", bool IsLost = false, long DelayNs = 0);

    /// <summary>Answers one request.</summary>
    public async Task Handle(HttpContext context)
    {
        var request = context.Request;
        var body = !HttpMethods.IsGet(request.Method) && request.ContentLength is > 0 and <= BodyMax ? new byte[request.ContentLength.Value] : [];
        await request.Body.ReadExactlyAsync(body).ConfigureAwait(false);
        var address = $"{context.Connection.RemoteIpAddress}";
        var answer = await loop.Ask(() =>
        {
            exchange.NowNs = loop.NowNs;
            return Do(request, body, address);
        }).ConfigureAwait(false);
        if (answer.DelayNs > 0) await Task.Delay(TimeSpan.FromMicroseconds(answer.DelayNs / 1000)).ConfigureAwait(false);
        if (answer.IsLost)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        if (answer.After.Length > 0) context.Response.Headers["CB-AFTER"] = answer.After;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body).ConfigureAwait(false);
    }

    private Answer Do(HttpRequest request, byte[] body, string address)
    {
        var (method, path) = (request.Method, request.Path.Value ?? "");
        if (method == HttpMethods.Get && Public(path, request.Query) is { } open) return _public.TryTake(address, loop.NowNs) ? open() : Error(429, "Public rate limit exceeded");
        var (error, account) = login.Check(Header("CB-ACCESS-KEY"), Header("CB-ACCESS-PASSPHRASE"), Header("CB-ACCESS-TIMESTAMP"), Header("CB-ACCESS-SIGN"), method + path + request.QueryString.Value, body, feed.NowNs);
        if (account is null) return Error(error == "request timestamp expired" ? 400 : 401, error!);
        if (!_private.TryTake(account, loop.NowNs)) return Error(429, "Private rate limit exceeded");
        const string orders = "/orders";
        return (method, path) switch
        {
            ("POST", orders) => Create(account, body),
            ("GET", orders) => Ok(List(exchange.Open.Where(o => o.Account == account), FeedTrading.Write)),
            ("GET", "/fills") => Fills(account, request.Query),
            ("GET", "/accounts") => Accounts(account),
            ("GET", _) when path.StartsWith(orders + "/", StringComparison.Ordinal) => _trading.Find(account, path[(orders.Length + 1)..]) is { } order ? Ok(Json.Object(w => FeedTrading.Write(w, order))) : Error(404, "NotFound"),
            ("DELETE", _) when path.StartsWith(orders + "/", StringComparison.Ordinal) => Cancel(account, path[(orders.Length + 1)..]),
            _ => Error(404, "NotFound"),
        };

        string Header(string name) => request.Headers[name].ToString();
    }

    private Func<Answer>? Public(string path, IQueryCollection query) => path.Split('/') switch
    {
        ["", "time"] => () => Ok(Json.Object(w =>
        {
            w.Time("iso", feed.NowNs);
            w.Number("epoch", FeedText.Epoch(feed.NowNs));
        })),
        ["", "products"] => () => Ok(Json.Value(w =>
        {
            w.WriteStartArray();
            foreach (var instrument in exchange.Instruments) feed.Messages.Product(w, instrument);
            w.WriteEndArray();
        })),
        ["", "currencies"] => () => Ok("[]"u8.ToArray()),
        ["", "products", var symbol, "book"] => () => Book(symbol, query),
        _ => null,
    };

    private Answer Book(string symbol, IQueryCollection query)
    {
        if (exchange.Find(symbol) is not { } instrument) return Error(404, "NotFound");
        var view = new DepthView(exchange, instrument, query["level"] == "2" ? DepthMax : 1);
        view.Advance();
        return Ok(Json.Object(w =>
        {
            foreach (var (name, levels) in new[] { ("bids", view.Bids), ("asks", view.Asks) })
            {
                w.WriteStartArray(name);
                foreach (var (ticks, lots) in levels)
                {
                    w.WriteStartArray();
                    w.WriteStringValue(FeedText.Plain(ticks, instrument.PriceDecimals));
                    w.WriteStringValue(FeedText.Plain(lots, instrument.QtyDecimals));
                    w.WriteNumberValue(1);
                    w.WriteEndArray();
                }
                w.WriteEndArray();
            }
            w.WriteNumber("sequence", feed.Messages.Sequence(instrument));
            w.WriteBoolean("auction_mode", false);
            w.WriteNull("auction");
            w.Time("time", feed.NowNs);
        }));
    }

    private Answer Create(Account account, byte[] body)
    {
        if (!Json.TryParse(body, out var order) || order.ValueKind != JsonValueKind.Object) return Error(400, "Malformed JSON");
        if (faults.Take(FaultKind.RateLimit)) return Error(429, "Private rate limit exceeded");
        var isSlow = faults.Take(FaultKind.SlowAck);
        var (error, created) = feed.Orders.Entering(() => _trading.Create(account, order));
        var isDropped = faults.Take(FaultKind.DropAfterOrder);
        if (isDropped) feed.Peers.Disconnect();
        var answer = error is not null ? Error(400, error) : Ok(Json.Object(w => FeedTrading.Write(w, created!)));
        return answer with { IsLost = isDropped || faults.Take(FaultKind.AckLost), DelayNs = isSlow ? faults.SlowNs : 0 };
    }

    private Answer Cancel(Account account, string id)
    {
        if (_trading.Find(account, id) is not { } order) return Error(404, "NotFound");
        if (exchange.Cancel(order) != Refusal.None) return Error(400, "Order already done");
        return Ok(Json.Value(w => w.WriteStringValue(FeedText.ID(order.ID))));
    }

    private Answer Fills(Account account, IQueryCollection query)
    {
        var limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var l) ? Math.Clamp(l, 1, PageMax) : PageMax;
        var skip = int.TryParse(query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0;
        var (order, product) = (query["order_id"].ToString(), query["product_id"].ToString());
        if (order.Length + product.Length == 0) return Error(400, "Either order_id or product_id is required");
        var all = feed.Orders.Fills(account).Where(f => (order.Length == 0 || FeedText.ID(f.Order.ID) == order) && (product.Length == 0 || f.Order.Instrument.Symbol == product)).ToList();
        var page = Ok(List(all.Skip(skip).Take(limit), (w, f) =>
        {
            var i = f.Order.Instrument;
            w.WriteNumber("trade_id", f.Fill.Trade.ID);
            w.WriteString("product_id", i.Symbol);
            w.WriteString("order_id", FeedText.ID(f.Order.ID));
            w.WriteString("user_id", account.Name);
            w.WriteString("profile_id", account.Name);
            w.WriteString("liquidity", f.Fill.Liquidity == Liquidity.Added ? "M" : "T");
            w.WriteString("price", i.Price(f.Fill.Trade.Ticks));
            w.WriteString("size", i.Quantity(f.Fill.Trade.Lots));
            w.WriteString("fee", FeedText.Plain(f.Fill.Fee, Instrument.AtomDecimals));
            w.Time("created_at", f.AtNs);
            w.WriteString("side", FeedText.Of(f.Order.Side));
            w.WriteBoolean("settled", true);
        }));
        return page with { After = all.Count > skip + limit ? $"{skip + limit}" : "" };
    }

    private static Answer Accounts(Account account) => Ok(List(account.Balances, (w, b) =>
    {
        w.WriteString("id", $"{account.Name}-{b.Key}");
        w.WriteString("currency", b.Key);
        w.WriteString("balance", FeedText.Plain(b.Value.Total, Instrument.AtomDecimals));
        w.WriteString("hold", FeedText.Plain(b.Value.Held, Instrument.AtomDecimals));
        w.WriteString("available", FeedText.Plain(b.Value.Available, Instrument.AtomDecimals));
        w.WriteString("profile_id", account.Name);
        w.WriteBoolean("trading_enabled", true);
    }));

    private static byte[] List<T>(IEnumerable<T> all, Action<Utf8JsonWriter, T> members) => Json.Value(w =>
    {
        w.WriteStartArray();
        foreach (var one in all)
        {
            w.WriteStartObject();
            members(w, one);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static Answer Ok(byte[] body) => new(StatusCodes.Status200OK, body);

    private static Answer Error(int status, string message) => new(status, Json.Object(w => w.WriteString("message", message)));
}
