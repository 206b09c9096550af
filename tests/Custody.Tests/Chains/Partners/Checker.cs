using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Custody.Tests.Chains.Partners;

/// <summary>bitcoinjs-lib and viem behind one line in, one line out (tests/partners/checker.mjs).</summary>
internal sealed class Checker : IDisposable
{
    private readonly Process process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Partner.Root, "tests", "partners", "checker.mjs")])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>The libraries' answer; a fault of theirs ends the test.</summary>
    public JsonElement Ask(string what, object question)
    {
        var request = JsonSerializer.SerializeToNode(question)!.AsObject();
        request["ask"] = what;
        process.StandardInput.WriteLine(request.ToJsonString());
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the checker ended: run tests/partners/install");
        var answer = JsonDocument.Parse(line).RootElement;
        if (answer.TryGetProperty("fault", out var fault)) throw new InvalidOperationException($"{what}: {fault} for {request.ToJsonString()}");
        return answer;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000)) process.Kill();
        process.Dispose();
    }
}
