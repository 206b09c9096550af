using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace House.Nodes;

/// <summary>One JSON-RPC endpoint, asked one question at a time.</summary>
internal sealed class JsonRpc : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _name;
    private readonly Func<string?> _credentials;

    /// <param name="name">What errors call it.</param>
    /// <param name="address">http://host:port/path</param>
    /// <param name="credentials">USER:PASSWORD for each call, or null.</param>
    public JsonRpc(string name, string address, Func<string?> credentials)
    {
        (_name, _credentials) = (name, credentials);
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Asks and gives the result.</summary>
    /// <exception cref="IOException">The node refused, with its own words.</exception>
    public JsonElement Call(string method, params object?[] arguments)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method, @params = arguments }) };
        if (_credentials() is { } credentials) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)));
        using var response = _http.Send(request);
        using var answer = JsonDocument.Parse(response.Content.ReadAsStream());
        if (answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null) throw new IOException($"{_name}: {method}: {error.GetRawText()}");
        return answer.RootElement.GetProperty("result").Clone();
    }

    public void Dispose() => _http.Dispose();
}
