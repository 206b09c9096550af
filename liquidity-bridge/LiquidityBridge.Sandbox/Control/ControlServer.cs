using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Control;

/// <summary>The control port: POST /VERB with a JSON object and the bearer token, README.md has the verbs; GET / is a page that does so.</summary>
internal sealed class ControlServer(Loop loop, IReadOnlyList<ExchangeSide> sides, string token)
{
    private const int BodyMax = 64 << 10;

    // Nobody else's page may show this one in a frame, or be sent to by it.
    private const string PagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly byte[] _page = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Control", "page.html"));

    private readonly byte[] _authorization = Encoding.ASCII.GetBytes($"Bearer {token}");

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, BodyMax, Handle);

    private async Task Handle(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/")
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            await context.Response.Body.WriteAsync(_page).ConfigureAwait(false);
            return;
        }
        var (status, answer) = await Answer(context.Request).ConfigureAwait(false);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(answer).ConfigureAwait(false);
    }

    private async Task<(int Status, byte[] Answer)> Answer(HttpRequest request)
    {
        var given = Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, _authorization)) return (StatusCodes.Status401Unauthorized, Error("the control token is missing or wrong"));
        if (!HttpMethods.IsPost(request.Method)) return (StatusCodes.Status405MethodNotAllowed, Error("only POST"));
        if (request.ContentLength is not (>= 0 and <= BodyMax)) return (StatusCodes.Status400BadRequest, Error($"a body of at most {BodyMax} bytes with its Content-Length is needed"));
        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body).ConfigureAwait(false);
        JsonElement root = default;
        if (body.Length > 0 && !Json.TryParse(body, out root)) return (StatusCodes.Status400BadRequest, Error("the body is not JSON"));
        var verb = request.Path.Value?.TrimStart('/') ?? "";
        return await loop.Ask(() =>
        {
            try
            {
                return (StatusCodes.Status200OK, new ControlVerbs(sides, loop.NowNs).Do(verb, new ControlArguments(root)));
            }
            catch (ControlException e)
            {
                return (StatusCodes.Status400BadRequest, Error(e.Message));
            }
        }).ConfigureAwait(false);
    }

    private static byte[] Error(string text) => Json.Object(w => w.WriteString("error", text));
}

/// <summary>A control request that cannot be done; the message tells the test's author why.</summary>
internal sealed class ControlException(string message) : Exception(message);
