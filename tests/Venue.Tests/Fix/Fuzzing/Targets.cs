using System.Text;
using System.Xml;
using Venue.Fix;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>What is fuzzed: each takes any bytes, throws nothing, and holds what it finds against a second opinion.</summary>
public static class Targets
{
    private static readonly NaiveFix Naive = new(Wire.DictionaryPath);
    private static readonly FieldTable Table = new();
    private static readonly MessageText Text = new(Wire.Dictionary);
    private static readonly Validator Validator = new(Wire.Dictionary);

    /// <summary>Framing, fields and validation, held against the naive parser. First byte odd: a body, to which length and sum are added; even: as it is.</summary>
    public static void Decoder(byte[] input)
    {
        if (input.Length == 0) return;
        var bytes = input[0] % 2 == 1 ? Wire.Frame(Wire.Text(input.AsSpan(1))) : input[1..];
        var (fast, naive) = (Judge(bytes), Naive.Judge(bytes));
        Text.Wide(bytes);
        if (fast != naive) throw new InvalidOperationException($"the decoder says '{fast}', the naive one '{naive}': {Wire.Text(bytes)}");
    }

    /// <summary>A session's life: each step one byte that says what, and what it needs. All that it sends is valid to the naive parser.</summary>
    public static void Session(byte[] input) => new FuzzedSession(Naive).Live(input);

    /// <summary>The dictionary reader: refuses with InvalidDataException or XmlException, or gives one that can be worked with.</summary>
    public static void DictionaryReader(byte[] input)
    {
        FixDictionary dictionary;
        try
        {
            dictionary = FixDictionary.Load(new MemoryStream(input));
        }
        catch (Exception refusal) when (refusal is InvalidDataException or XmlException)
        {
            return;
        }
        var (validator, text) = (new Validator(dictionary), new MessageText(dictionary));
        foreach (var body in Seeds.Bodies)
        {
            var bytes = Wire.Frame(body);
            if (!Table.Read(bytes, dictionary)) continue;
            var message = new Message(bytes, Table);
            if (dictionary.Message(message.MsgType) is { } definition) validator.Check(Table, bytes, definition, out _);
            text.Tall(bytes);
        }
    }

    /// <summary>Settings files: faults are said, nothing is thrown.</summary>
    public static void SettingsReader(byte[] input)
    {
        var file = SettingsFile.Parse(Encoding.UTF8.GetString(input), "fuzz.cfg");
        foreach (var section in file.Sections)
        {
            var faults = new List<string>();
            var config = SessionConfig.Read(section, "fuzz.cfg", faults);
            if (faults.Any(fault => !fault.StartsWith("fuzz.cfg:", StringComparison.Ordinal))) throw new InvalidOperationException($"a fault without its place: {string.Join("; ", faults)}");
            if (faults.Count > 0 || config.Settings.Schedule is not { } schedule) continue;
            // A period's end is after now, and the session is open up to it or closed before it begins.
            if (schedule.EndAfter(Wire.Noon) <= Wire.Noon || schedule.OpenFrom(Wire.Noon) < Wire.Noon) throw new InvalidOperationException("a schedule that goes backwards");
        }
    }

    private static string Judge(byte[] bytes)
    {
        if (Framing.Find(bytes, 1 << 16, out var length) != FrameKind.Frame || length != bytes.Length || !Table.Read(bytes, Wire.Dictionary)) return "garbled";
        var message = new Message(bytes, Table);
        if (Wire.Dictionary.Message(message.MsgType) is not { } definition) return "unknown";
        return Validator.Check(Table, bytes, definition, out var fault) ? "-" : $"{fault.Reason} {fault.Tag}";
    }
}
