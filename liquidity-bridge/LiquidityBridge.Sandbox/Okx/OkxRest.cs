using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>The REST calls that a client of the WebSockets needs: markets, and what became of an order.</summary>
internal sealed class OkxRest(Exchange exchange, OkxExchange okx, OkxLogin login, Loop loop)
{
    /// <summary>Longest request body taken, in bytes. Nothing is ordered over REST here.</summary>
    public const int BodyMax = 16 << 10;

    private const int FillsMax = 100, DepthMax = 400;
    private const long WindowNs = 2_000_000_000;

    // docs-v5: requests per 2 seconds, by address or by user.
    private readonly RateWindows<string> _slow = new(5, WindowNs), _public = new(20, WindowNs), _books = new(40, WindowNs), _trade = new(60, WindowNs);

    /// <summary>Answers one request.</summary>
    public async Task Handle(HttpContext context)
    {
        var request = context.Request;
        string Header(string name) => request.Headers[name].ToString();
        var (path, query) = (request.Path.Value ?? "", request.QueryString.Value ?? "");
        var values = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        var (key, passphrase, timestamp, sign, method) = (Header("OK-ACCESS-KEY"), Header("OK-ACCESS-PASSPHRASE"), Header("OK-ACCESS-TIMESTAMP"), Header("OK-ACCESS-SIGN"), request.Method);
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var (status, answer) = await loop.Ask(() =>
        {
            exchange.NowNs = loop.NowNs;
            if (method != HttpMethods.Get) return Error(OkxError.InvalidMethod);
            if (Public(path, address, values) is { } open) return open;
            var (error, member) = login.Check(key, passphrase, timestamp, sign, method, path + query, "", okx.NowNs);
            return error is not null ? Error(error) : Private(path, member!, values);
        }).ConfigureAwait(false);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer).ConfigureAwait(false);
    }

    private (int, byte[])? Public(string path, string address, Dictionary<string, string> query)
    {
        if (path is not ("/api/v5/public/time" or "/api/v5/public/instruments" or "/api/v5/market/books")) return null;
        if (!(path == "/api/v5/market/books" ? _books : _public).TryTake(path + address, loop.NowNs)) return Error(OkxError.TooManyRequests);
        var instId = query.GetValueOrDefault("instId", "");
        var instrument = exchange.Find(instId);
        switch (path)
        {
            case "/api/v5/public/time":
                return Data(w =>
                {
                    w.WriteStartObject();
                    w.WriteString("ts", OkxText.Ms(okx.NowNs));
                    w.WriteEndObject();
                });
            case "/api/v5/public/instruments":
                if (query.GetValueOrDefault("instType") != "SPOT") return Error(OkxError.Parameter("instType"));
                if (instId.Length > 0 && instrument is null) return Error(OkxError.NoInstrument);
                return Data(w =>
                {
                    foreach (var i in exchange.Instruments.Where(i => instrument is null || i == instrument)) okx.Feed.Write(w, i);
                });
            default:
                if (!int.TryParse(query.GetValueOrDefault("sz", "1"), NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth is < 1 or > DepthMax) return Error(OkxError.Parameter("sz"));
                return instrument is null ? Error(OkxError.NoInstrument) : Data(w => okx.Feed.Book(instrument).Write(w, depth, okx.NowNs));
        }
    }

    private (int, byte[]) Private(string path, OkxMember member, Dictionary<string, string> query)
    {
        if (!(path.StartsWith("/api/v5/trade/", StringComparison.Ordinal) ? _trade : _slow).TryTake(path + member.Uid, loop.NowNs)) return Error(OkxError.TooManyRequests);
        switch (path)
        {
            case "/api/v5/trade/order":
                return Order(member.Account, query);
            case "/api/v5/trade/fills":
                return Fills(member.Account, query);
            case "/api/v5/trade/orders-pending":
                return Data(w =>
                {
                    foreach (var order in exchange.Open.Where(o => o.Account == member.Account).OrderByDescending(o => o.ID)) Write(w, order);
                });
            case "/api/v5/account/balance":
                return Data(w => OkxReports.Write(w, member.Account, null, loop.NowNs));
            case "/api/v5/account/config":
                return Data(w =>
                {
                    w.WriteStartObject();
                    w.WriteString("uid", member.Uid);
                    w.WriteString("mainUid", member.Uid);
                    w.WriteString("acctLv", "1");
                    w.WriteString("posMode", "net_mode");
                    // Fees are in the quote asset here, as with this setting.
                    w.WriteString("feeType", "1");
                    w.WriteString("perm", "read_only,trade");
                    w.WriteEndObject();
                });
            default:
                return Error(OkxError.NotFound);
        }
    }

    private (int, byte[]) Order(Account account, Dictionary<string, string> query)
    {
        if (exchange.Find(query.GetValueOrDefault("instId", "")) is not { } instrument) return Error(OkxError.NoInstrument);
        var (ordId, clOrdId) = (query.GetValueOrDefault("ordId", ""), query.GetValueOrDefault("clOrdId", ""));
        if (ordId.Length + clOrdId.Length == 0) return Error(OkxError.NoIdentifier);
        var order = okx.Trading.Find(account, ordId, clOrdId);
        return order is null || order.Instrument != instrument ? Error(OkxError.NoOrder) : Data(w => Write(w, order));
    }

    private (int, byte[]) Fills(Account account, Dictionary<string, string> query)
    {
        var (instId, ordId) = (query.GetValueOrDefault("instId", ""), query.GetValueOrDefault("ordId", ""));
        return Data(w =>
        {
            foreach (var (order, fill, atNs) in okx.Reports.Fills(account).Where(f => (instId.Length == 0 || f.Order.Instrument.Symbol == instId) && (ordId.Length == 0 || OkxText.OrdId(f.Order.ID) == ordId)).Take(FillsMax))
            {
                w.WriteStartObject();
                w.FillOf(order, fill, atNs);
                w.WriteEndObject();
            }
        });
    }

    private void Write(Utf8JsonWriter w, Order order)
    {
        var (_, fill, atNs) = okx.Reports.Fills(order.Account).FirstOrDefault(f => f.Order == order);
        w.WriteStartObject();
        w.Order(order, order.CumLots == 0 ? null : fill, atNs, loop.NowNs);
        w.WriteEndObject();
    }

    private static (int, byte[]) Data(Action<Utf8JsonWriter> data) => (StatusCodes.Status200OK, Json.Object(w =>
    {
        w.WriteString("code", "0");
        w.WriteString("msg", "");
        w.WriteStartArray("data");
        data(w);
        w.WriteEndArray();
    }));

    private static (int, byte[]) Error(OkxError error) => (error.Status, Json.Object(w =>
    {
        w.WriteString("code", error.Code);
        w.WriteString("msg", error.Text);
        w.WriteStartArray("data");
        w.WriteEndArray();
    }));
}
