using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Custody.Chains;

/// <summary>A node answered, and the answer is no.</summary>
public sealed class JsonRpcException(string method, int code, string message) : Exception($"{method}: {message} ({code})")
{
    /// <summary>The node's number for it.</summary>
    public int Code { get; } = code;

    /// <summary>The node's words, without method and number.</summary>
    public string Reason { get; } = message;
}

/// <summary>One call of a batch.</summary>
public sealed record RpcCall(string Method, params object?[] Arguments);

/// <summary>The answer to one call of a batch: a result, or why not.</summary>
public readonly record struct RpcAnswer(JsonElement Result, JsonRpcException? Error);

/// <summary>
/// JSON-RPC 2.0 over HTTP. A call ends with a result, with an <see cref="JsonRpcException"/>, or, when there is no answer to go
/// by, with a <see cref="ChainUnavailableException"/>; nothing is tried twice.
/// </summary>
public sealed class JsonRpc : IDisposable
{
    // The largest answers are blocks: 4 MB in hex.
    private const int AnswerBytesMax = 64 << 20;

    private readonly HttpClient http;
    private readonly Uri address;
    private readonly Func<string?> credentials;
    private readonly Func<int, bool> isUnavailable;

    /// <summary>Calls nobody yet.</summary>
    /// <param name="address">The node's HTTP address.</param>
    /// <param name="timeout">For a whole call.</param>
    /// <param name="credentials">User and password as <c>user:password</c>, asked before each call since cookies change with the node's start; or null.</param>
    /// <param name="isUnavailable">Error codes that speak of the node, not of what was asked.</param>
    public JsonRpc(Uri address, TimeSpan timeout, Func<string?> credentials, Func<int, bool> isUnavailable)
    {
        this.address = address;
        this.credentials = credentials;
        this.isUnavailable = isUnavailable;
        // bitcoind closes what is idle for 30 s: a connection is given up before the node does it.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) };
        http = new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = AnswerBytesMax };
    }

    /// <summary>The result of one call; JSON null is an element of that kind.</summary>
    public JsonElement Call(string method, params object?[] arguments)
    {
        var answer = Read(Post(method, Request(0, new RpcCall(method, arguments))), method);
        return answer.Error is null ? answer.Result : throw answer.Error;
    }

    /// <summary>The answers in the order of the calls, which go in one request.</summary>
    public IReadOnlyList<RpcAnswer> Batch(IReadOnlyList<RpcCall> calls)
    {
        if (calls.Count == 0) return [];
        var what = $"{calls.Count} x {calls[0].Method}";
        var body = Post(what, calls.Select((call, id) => Request(id, call)).ToArray());
        if (body.ValueKind != JsonValueKind.Array) throw Broken(what);
        var answers = new RpcAnswer?[calls.Count];
        foreach (var each in body.EnumerateArray())
        {
            if (each.ValueKind != JsonValueKind.Object || Number(each, "id") is not { } at || at < 0 || at >= answers.Length) throw Broken(what);
            answers[at] = Read(each, calls[at].Method);
        }
        return [.. answers.Select(answer => answer ?? throw Broken(what))];
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();

    private static Dictionary<string, object> Request(int id, RpcCall call) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = call.Method, ["params"] = call.Arguments };

    private JsonElement Post(string what, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (credentials() is { } secret)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)));
        try
        {
            using var response = http.Send(request);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new ChainUnavailableException($"{what}: the node refuses our credentials");
            using var stream = response.Content.ReadAsStream();
            // bitcoind answers 500 and 404 with the error in the body; an overloaded node answers 503 or 429 with words.
            using var document = JsonDocument.Parse(stream);
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            throw new ChainUnavailableException($"{what}: {fault.Message}", fault);
        }
    }

    private RpcAnswer Read(JsonElement answer, string method)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw Broken(method);
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            if (Number(error, "code") is not { } code) throw Broken(method);
            var words = error.TryGetProperty("message", out var message) ? message.GetRawText().Trim('"') : "no reason given";
            return isUnavailable(code) ? throw new ChainUnavailableException($"{method}: {words} ({code})") : new RpcAnswer(default, new JsonRpcException(method, code, words));
        }
        return answer.TryGetProperty("result", out var result) ? new RpcAnswer(result, null) : throw Broken(method);
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var value) ? value : null;

    private static ChainUnavailableException Broken(string what) => new($"{what}: an answer that is not JSON-RPC");
}
