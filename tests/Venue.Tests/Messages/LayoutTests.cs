using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Venue.Messages;

namespace Venue.Tests.Messages;

/// <summary>MESSAGES.md and the structs say the same.</summary>
internal sealed partial class LayoutTests
{
    private static readonly Assembly Messages = typeof(CommandHeader).Assembly;

    private sealed record Row(int Offset, int Size, string Field);

    private sealed record Section(string Name, string Kind, int Number, int Size, List<Row> Rows);

    [TestCaseSource(nameof(Names))]
    public void Every_field_lies_where_the_page_says(string name)
    {
        var section = Page().Single(s => s.Name == name);
        var type = Messages.GetType($"Venue.Messages.{name}", throwOnError: true)!;
        var actual = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(f => new Row((int)Marshal.OffsetOf(type, f.Name), SizeOf(f.FieldType), f.Name)).OrderBy(r => r.Offset).ToList();
        Assert.That(section.Rows, Is.EqualTo(actual));
        Assert.That(section.Size, Is.EqualTo(SizeOf(type)));
    }

    [TestCaseSource(nameof(Names))]
    public void No_byte_is_left_to_padding(string name)
    {
        var section = Page().Single(s => s.Name == name);
        var next = 0;
        foreach (var row in section.Rows)
        {
            Assert.That(row.Offset, Is.EqualTo(next), row.Field);
            next += row.Size;
        }
        Assert.That(next, Is.EqualTo(section.Size));
    }

    [Test]
    public void Every_command_type_is_on_the_page_with_its_number_and_length()
    {
        var page = Page().Where(s => s.Kind == "command").ToDictionary(s => (CommandType)s.Number);
        Assert.That(page.Keys, Is.EquivalentTo(Enum.GetValues<CommandType>().Where(t => t != CommandType.None)));
        foreach (var (type, section) in page)
        {
            Assert.That(section.Size, Is.EqualTo(Command.LengthOf(type)), section.Name);
            Assert.That(section.Name, Does.StartWith(type.ToString()));
            Assert.That(section.Size, Is.LessThanOrEqualTo(CommandSlot.Size), section.Name);
        }
    }

    [Test]
    public void Every_event_type_is_on_the_page_with_its_number()
    {
        var page = Page().Where(s => s.Kind == "event").ToDictionary(s => (EventType)s.Number, s => s.Name);
        Assert.That(page, Is.EquivalentTo(Enum.GetValues<EventType>().Where(t => t != EventType.None).ToDictionary(t => t, t => t.ToString())));
    }

    private static IEnumerable<string> Names() => Page().Select(s => s.Name);

    private static List<Section> Page()
    {
        var sections = new List<Section>();
        foreach (var line in File.ReadLines(PathOfPage()))
        {
            var title = Title().Match(line);
            if (title.Success)
                sections.Add(new Section(title.Groups["name"].Value, title.Groups["kind"].Value, title.Groups["number"].Success ? Number(title, "number") : 0, Number(title, "size"), []));
            var row = TableRow().Match(line);
            if (row.Success) sections[^1].Rows.Add(new Row(Number(row, "offset"), Number(row, "size"), row.Groups["field"].Value));
        }
        Assert.That(sections, Has.Count.GreaterThan(20), "the page was read");
        return sections;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static int SizeOf(Type type) => Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    private static string PathOfPage([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "venue", "Venue.Messages", "MESSAGES.md");

    [GeneratedRegex(@"^### (?<name>\w+): ((?<kind>command|event) (?<number>\d+), )?(?<size>\d+) bytes$", RegexOptions.ExplicitCapture)]
    private static partial Regex Title();

    [GeneratedRegex(@"^\| (?<offset>\d+) \| (?<size>\d+) \| (?<field>\w+) \|", RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();
}
