using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Custody.Chains;

namespace Custody.Tests.Chains;

/// <summary>What a node can answer, and what becomes of it.</summary>
[TestFixture]
internal sealed class JsonRpcTests
{
    private HttpListener listener = null!;
    private Uri address = null!;
    private string asked = "", authorization = "";

    [SetUp]
    public void Start()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/");
        socket.Stop();
        listener = new HttpListener { Prefixes = { address.ToString() } };
        listener.Start();
    }

    [TearDown]
    public void Stop() => listener?.Close();

    [Test]
    public void A_result_is_returned()
    {
        Answer(200, """{"id":0,"result":{"height":7},"error":null}""");
        using var rpc = Client("user:secret");
        Assert.That(rpc.Call("tip", 1, "two", null).GetProperty("height").GetInt32(), Is.EqualTo(7));
        Assert.That(asked, Is.EqualTo("""{"jsonrpc":"2.0","id":0,"method":"tip","params":[1,"two",null]}"""));
        Assert.That(authorization, Is.EqualTo("Basic " + Convert.ToBase64String("user:secret"u8)));
    }

    [TestCase(200, TestName = "an error with status 200")]
    [TestCase(500, TestName = "an error with status 500")]
    public void A_refusal_has_its_number_and_words(int status)
    {
        Answer(status, """{"id":0,"result":null,"error":{"code":-5,"message":"No such block"}}""");
        using var rpc = Client();
        var refusal = Assert.Throws<JsonRpcException>(() => rpc.Call("getblock"))!;
        Assert.That((refusal.Code, refusal.Reason, refusal.Message), Is.EqualTo((-5, "No such block", "getblock: No such block (-5)")));
    }

    [TestCase(200, """{"id":0,"error":{"code":-28,"message":"Loading block index"}}""", "Loading block index")]
    [TestCase(401, "", "credentials")]
    [TestCase(403, "", "credentials")]
    [TestCase(503, "Work queue depth exceeded", "getblock")]
    [TestCase(200, "", "getblock")]
    [TestCase(200, "<html>", "getblock")]
    [TestCase(200, "[]", "not JSON-RPC")]
    [TestCase(200, "7", "not JSON-RPC")]
    [TestCase(200, "{}", "not JSON-RPC")]
    [TestCase(200, """{"error":{"message":"no number"}}""", "not JSON-RPC")]
    [TestCase(200, """{"error":{"code":"text","message":"no number"}}""", "")]
    public void No_answer_to_go_by_means_unavailable(int status, string body, string why)
    {
        Answer(status, body);
        using var rpc = Client();
        Assert.That(Assert.Throws<ChainUnavailableException>(() => rpc.Call("getblock"))!.Message, Does.Contain(why));
    }

    [Test]
    public void Nobody_listening_means_unavailable()
    {
        listener.Close();
        using var rpc = Client();
        Assert.Throws<ChainUnavailableException>(() => rpc.Call("getblock"));
    }

    [Test]
    public void A_node_that_never_answers_means_unavailable()
    {
        using var rpc = Client(timeoutMs: 200);
        Assert.Throws<ChainUnavailableException>(() => rpc.Call("getblock"));
    }

    [Test]
    public void A_batch_comes_back_in_its_own_order()
    {
        Answer(200, """[{"id":1,"error":{"code":-5,"message":"no"}},{"id":2,"result":null},{"id":0,"result":"first"}]""");
        using var rpc = Client();
        var answers = rpc.Batch([new RpcCall("a"), new RpcCall("b", 1), new RpcCall("c")]);
        Assert.That(answers[0].Result.GetString(), Is.EqualTo("first"));
        Assert.That(answers[1].Error!.Message, Is.EqualTo("b: no (-5)"));
        Assert.That((answers[2].Result.ValueKind, answers[2].Error), Is.EqualTo((JsonValueKind.Null, (JsonRpcException?)null)));
        Assert.That(rpc.Batch([]), Is.Empty);
    }

    [TestCase("""[{"id":0,"result":1}]""", TestName = "an answer is missing")]
    [TestCase("""[{"id":0,"result":1},{"id":2,"result":1}]""", TestName = "an answer to nothing")]
    [TestCase("""[{"id":0,"result":1},{"id":-1,"result":1}]""", TestName = "an answer of a number below zero")]
    [TestCase("""[{"id":0,"result":1},7]""", TestName = "an answer that is none")]
    [TestCase("""{"id":0,"result":1}""", TestName = "one answer to two calls")]
    public void A_broken_batch_means_unavailable(string body)
    {
        Answer(200, body);
        using var rpc = Client();
        Assert.Throws<ChainUnavailableException>(() => rpc.Batch([new RpcCall("a"), new RpcCall("b")]));
    }

    private JsonRpc Client(string? credentials = null, int timeoutMs = 10_000) =>
        new(address, TimeSpan.FromMilliseconds(timeoutMs), () => credentials, static code => code == -28);

    private void Answer(int status, string body) => listener.BeginGetContext(call =>
    {
        var context = listener.EndGetContext(call);
        asked = new StreamReader(context.Request.InputStream).ReadToEnd();
        authorization = context.Request.Headers["Authorization"] ?? "";
        context.Response.StatusCode = status;
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }, null);
}
