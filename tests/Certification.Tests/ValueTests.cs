namespace Certification.Tests;

/// <summary>Values, numbers, messages.</summary>
[TestFixture]
public sealed class ValueTests
{
    [TestCase("1", "1.00000", 0)]
    [TestCase("0.1", "0.10", 0)]
    [TestCase("-1", "1", -1)]
    [TestCase("00012", "12", 0)]
    [TestCase("99999999999999999999999999999999999999.1", "99999999999999999999999999999999999999.2", -1)]
    [TestCase("1e3", "1000", null)]
    [TestCase("", "0", null)]
    [TestCase("-", "0", null)]
    [TestCase(".", "0", null)]
    public void Decimals_are_compared_as_they_are_written(string left, string right, int? order) =>
        Assert.That(DecimalText.Compare(left, right), Is.EqualTo(order));

    [TestCase("0.4", "0.6", "1", true)]
    [TestCase("0.4", "0.6", "1.0000001", false)]
    public void Quantities_add_up_or_not(string cum, string leaves, string quantity, bool adds) =>
        Assert.That(DecimalText.AddsUp(cum, leaves, quantity), Is.EqualTo(adds));

    [TestCase("$run-1", "R-1")]
    [TestCase("$(n+3)", "12")]
    [TestCase("$(n-10)x", "-1x")]
    [TestCase("$(n)0", "90")]
    [TestCase("$$5", "$5")]
    [TestCase("", "")]
    public void Variables_are_replaced(string template, string text) =>
        Assert.That(Template.Parse(template, out _)!.With(name => name == "n" ? "9" : "R"), Is.EqualTo(text));

    [Test]
    public void A_number_is_not_added_to_a_word() =>
        Assert.That(() => Template.Parse("$(n+1)", out _)!.With(_ => "word"), Throws.TypeOf<FormatException>());

    [TestCase("ExecType=New LeavesQty=1.0", "")]
    [TestCase("ExecType=Trade", "ExecType(150) must be F(Trade), and is 0(New)")]
    [TestCase("ClOrdID=1.0", "ClOrdID(11) must be 1.0, and is 1")]
    [TestCase("LeavesQty>1", "LeavesQty(151) must be more than 1, and is 1")]
    [TestCase("LeavesQty>=1 LeavesQty<=1 LeavesQty<2", "")]
    [TestCase("LeavesQty!=1.00", "LeavesQty(151) must not be 1.00, and is 1")]
    [TestCase("!LastQty Text~TICK Text=*", "")]
    [TestCase("!Text", "Text(58) must be absent, and is WRONG_TICK")]
    [TestCase("LastQty=?last", "LastQty(32) must be present, and is absent")]
    public void A_pattern_says_what_is_wrong_with_a_message(string conditions, string fault)
    {
        var book = CaseBook.Parse([("x.case", $"case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify venue\nexpect ExecutionReport {conditions}")], Scripts.Words);
        Assert.That(book.Faults, Is.Empty);
        var pattern = ((Expect)book.Cases[0].Scripts[Role.Venue][0]).Pattern;
        var message = FixMessage.Parse(MessageText.Encode("FIX.4.4", [(35, "8"), (11, "1"), (150, "0"), (151, "1"), (58, "WRONG_TICK")]));
        Assert.That(string.Join("; ", pattern.Faults(message, Scripts.Words, t => t.Constant!)), Is.EqualTo(fault));
    }

    [TestCase("None", Venue.Fix.FrameKind.Frame)]
    [TestCase("CheckSum", Venue.Fix.FrameKind.Garbled)]
    [TestCase("BodyLength", Venue.Fix.FrameKind.NeedMore)]
    public void The_library_reads_what_is_written_and_sees_damage(string damage, Venue.Fix.FrameKind kind)
    {
        var bytes = MessageText.Encode("FIX.4.4", [(35, "0"), (49, "A"), (56, "B"), (34, "1"), (52, "20261122-00:00:00.000"), (112, "x")], Enum.Parse<Damage>(damage));
        Assert.That(Venue.Fix.Framing.Find(bytes, 4096, out _), Is.EqualTo(kind));
    }

    [Test]
    public void Options_are_refused_with_every_fault_at_once()
    {
        var options = new Options
        {
            Role = Role.Venue, Port = "0", Second = "", Session = "", Target = "", Patience = "soon", Driver = "\"x", Set = ["price", "nobody=1"],
            Dictionary = EndToEnd.Places.Dictionary, Cases = Scripts.Folder, Only = ["99-none"], Report = EndToEnd.Places.Dictionary,
        };
        Assert.That(options.Validate(out var faults), Is.Null);
        Assert.That(string.Join('\n', faults), Does.Match("--port(?s).*--session.*--target.*--patience.*--driver.*--set 'price'.*--set nobody.*--only 99-none.*--report"));
    }
}
