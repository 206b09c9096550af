namespace LiquidityBridge.Tests.Sandbox;

/// <summary>QuickFIX (C++) on one session, by way of the end-to-end tests' client program; it checks every message against our dictionary.</summary>
internal sealed class QuickFixClient : IDisposable
{
    private const string Program = ".tools/quickfix-client";

    private readonly LineProcess _process;
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("sandbox-quickfix-");
    private int _next;

    public QuickFixClient(int port, string compID = "BRIDGE")
    {
        if (!File.Exists(Places.Path(Program))) Places.Install("tests/EndToEnd/install");
        _process = new LineProcess(Places.Path(Program), "--host", "127.0.0.1", "--port", $"{port}", "--sender", compID, "--target", "SANDBOX",
            "--store", _store.FullName, "--dictionary", Path.Combine(AppContext.BaseDirectory, "Fix", "SANDBOX44.xml"), "--heartbeat", "30", "--reset", "N");
        _process.WaitFor(l => l == "READY");
    }

    public int Mark => _process.Mark;

    public void Connect()
    {
        var mark = Mark;
        Do("connect");
        WaitFor(l => l == "LOGON", mark);
    }

    public void Do(string command) => _process.Send(command);

    /// <summary>Subscribes; the client sets fields in the order of their numbers, so groups travel inside their count's value.</summary>
    public void Subscribe(string requestID, string symbol, int depth, string types = "01") =>
        Do($"raw V 262={requestID}|263=1|264={depth}|265=1|267={types.Length}{string.Concat(types.Select(t => $"\u0001269={t}"))}|146=1\u000155={symbol}");

    public string WaitFor(Func<string, bool> fits, int from) => _process.WaitFor(fits, from);

    /// <summary>The next application message or Reject that came in; waits for it.</summary>
    public FixFields Next()
    {
        while (true)
        {
            var line = _process.WaitFor(IsIncoming, _next);
            _next += _process.Lines(_next).ToList().IndexOf(line) + 1;
            var fields = new FixFields(line["IN ".Length..]);
            if (fields[35] is not ("A" or "0" or "1" or "2" or "4" or "5")) return fields;
        }
    }

    /// <summary>The next message of this type.</summary>
    public FixFields Next(string type)
    {
        for (var message = Next(); ; message = Next())
            if (message[35] == type) return message;
    }

    public IReadOnlyList<string> Lines(int from) => _process.Lines(from);

    public void Dispose()
    {
        _process.Dispose();
        _store.Delete(recursive: true);
    }

    private static bool IsIncoming(string line) => line.StartsWith("IN ", StringComparison.Ordinal);
}

/// <summary>A message as fields in their order.</summary>
internal sealed class FixFields(string text)
{
    private readonly List<(int Tag, string Value)> _fields =
        [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries).Where(f => f.Contains('=')).Select(f => (int.Parse(f[..f.IndexOf('=')]), f[(f.IndexOf('=') + 1)..]))];

    public string this[int tag] => _fields.FirstOrDefault(f => f.Tag == tag).Value ?? "";

    /// <summary>The values of a tag, one for each time that it stands there.</summary>
    public IEnumerable<string> All(int tag) => _fields.Where(f => f.Tag == tag).Select(f => f.Value);

    /// <summary>The group's entries, each as "tag=value ..." from its first tag on.</summary>
    public IReadOnlyList<string> Entries(int firstTag, params int[] tags)
    {
        var entries = new List<string>();
        foreach (var (tag, value) in _fields)
        {
            if (tag == firstTag) entries.Add("");
            if (entries.Count > 0 && (tag == firstTag || tags.Contains(tag))) entries[^1] += entries[^1].Length == 0 ? value : $" {value}";
        }
        return entries;
    }

    public override string ToString() => text;
}
