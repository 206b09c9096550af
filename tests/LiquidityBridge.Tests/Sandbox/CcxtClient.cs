using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>One of ccxt's clients in a process of its own, driven by lines.</summary>
internal sealed class CcxtClient : IDisposable
{
    private readonly LineProcess _process;

    public CcxtClient(string script, params string[] arguments)
    {
        _process = new LineProcess(["node", Places.Path($"tests/LiquidityBridge.Tests/ccxt-client/{script}"), .. arguments]);
        _process.WaitFor(l => l == "READY");
    }

    /// <summary>What the command gives.</summary>
    public JsonElement Ask(string command)
    {
        var answer = Answer(command);
        Assert.That(answer, Does.StartWith("OK "));
        using var json = JsonDocument.Parse(answer[("OK ".Length + command.Split(' ')[0].Length + 1)..]);
        return json.RootElement.Clone();
    }

    /// <summary>Class and text of the error that the command ends with.</summary>
    public string Refused(string command)
    {
        var answer = Answer(command);
        Assert.That(answer, Does.StartWith("ERROR "));
        return answer[("ERROR ".Length + command.Split(' ')[0].Length + 1)..];
    }

    /// <summary>Waits for an event with all these texts in it.</summary>
    public string Event(string name, params string[] texts) => _process.WaitFor(l => l.StartsWith($"EVENT {name} ", StringComparison.Ordinal) && texts.All(t => l.Contains(t, StringComparison.Ordinal)));

    /// <summary>Waits for the error that a watch ends with.</summary>
    public string Error(string name) => _process.WaitFor(l => l.StartsWith($"ERROR {name} ", StringComparison.Ordinal));

    public void Dispose() => _process.Dispose();

    private string Answer(string command)
    {
        var mark = _process.Mark;
        _process.Send(command);
        var verb = command.Split(' ')[0];
        return _process.WaitFor(l => l.StartsWith($"OK {verb} ", StringComparison.Ordinal) || l.StartsWith($"ERROR {verb} ", StringComparison.Ordinal), mark);
    }
}
