namespace Certification.Tests;

/// <summary>Every fault of a script is found before a run, and says where it is.</summary>
[TestFixture]
public sealed class LanguageTests
{
    private const string Head = """
        case "T"
        purpose "P"
        feature f
        source "S"
        default price 50000
        certify venue

        """;

    private const int FirstLine = 7;

    [TestCase("sned Heartbeat", "'sned' is no step")]
    [TestCase("\"send\" Heartbeat", "'send' is no step")]
    [TestCase("given", "what is to be done?")]
    [TestCase("second:", "what is to be done?")]
    [TestCase("send", "which message?")]
    [TestCase("send Heartbeet", "there is no message 'Heartbeet'")]
    [TestCase("send logon", "there is no message 'logon'; is it Logon?")]
    [TestCase("send Heartbeat TestReqID", "'TestReqID' is not FIELD=VALUE")]
    [TestCase("send Heartbeat TestReqId=1", "there is no field 'TestReqId'")]
    [TestCase("send Heartbeat TestReqID=", "TestReqID has no value")]
    [TestCase("send NewOrderSingle Side=Bye", "Side has no value 'Bye': Buy(1), Sell(2), Undisclosed(7)")]
    [TestCase("send NewOrderSingle Price=$prise", "$prise has no value here")]
    [TestCase("send NewOrderSingle Price=$(price*2)", "'$(price*2)': after $ comes a name, or (name+number), or $$ for the sign itself")]
    [TestCase("send NewOrderSingle Price=$", "'$': after $ comes a name, or (name+number), or $$ for the sign itself")]
    [TestCase("send raw", "bytes in quotes, | for the delimiter is missing")]
    [TestCase("send Heartbeat Text=\"a\nconnect", "a quote is not closed")]
    [TestCase("expect", "which message?")]
    [TestCase("expect Heartbeat TestReqID", "'TestReqID' is neither FIELD=VALUE (also != ~ < <= > >=) nor !FIELD")]
    [TestCase("expect Heartbeat !Nothing", "there is no field 'Nothing'")]
    [TestCase("expect Heartbeat TestReqID=?", "'?': after ? comes a name")]
    [TestCase("expect Heartbeat within", "a time is 2s, 500ms or 1.5 heartbeats")]
    [TestCase("expect Heartbeat within 2", "a time is 2s, 500ms or 1.5 heartbeats")]
    [TestCase("expect Heartbeat within 0s", "'0': a time is 2s, 500ms or 1.5 heartbeats, at most 3600")]
    [TestCase("expect Heartbeat within 9999s", "'9999': a time is 2s, 500ms or 1.5 heartbeats, at most 3600")]
    [TestCase("expect Heartbeat within 2s soon", "'soon' is more than 'expect' takes")]
    [TestCase("expect disconnect soon", "here comes 'within'")]
    [TestCase("forbid Logout", "here comes 'for'")]
    [TestCase("resend 1", "here comes 'to'")]
    [TestCase("let out = 3", "out has its own meaning: choose another name")]
    [TestCase("let a-b = 3", "here comes a name: letters and digits, a letter first")]
    [TestCase("let a 3", "here comes '='")]
    [TestCase("hint", "a text in quotes is missing")]
    [TestCase("hint \"x\" run \"y\"", "here comes 'do'")]
    [TestCase("drop", "here comes 'connection'")]
    [TestCase("skip sequence", "how many?")]
    [TestCase("skip sequence many", "'many' is not a number from 1 to 99999")]
    [TestCase("corrupt", "corrupt checksum, or corrupt length")]
    [TestCase("corrupt text", "corrupt checksum, or corrupt length, not 'text'")]
    [TestCase("wait", "a time is 2s, 500ms or 1.5 heartbeats")]
    [TestCase("do nothing", "there is no procedure nothing for venue")]
    [TestCase("do hello name=x", "hello has no parameter 'name=x': text")]
    [TestCase("given send Heartbeat", "'send' cannot fail: given stands before connect, expect, any order, either and do")]
    [TestCase("end", "'end' ends nothing")]
    [TestCase("or", "'or' ends nothing")]
    [TestCase("repeat 3 as i\nsend Heartbeat", "this block has no end")]
    [TestCase("repeat none as i\nsend Heartbeat\nend", "'none' is not a number from 1 to 99999")]
    [TestCase("repeat 3\nsend Heartbeat\nend", "here comes 'as'")]
    [TestCase("any order\nsend Heartbeat\nend", "any order has lines 'expect MESSAGE' of one session, and then end")]
    [TestCase("any order\nend", "any order has lines 'expect MESSAGE' of one session, and then end")]
    [TestCase("either\nexpect Heartbeat\nend", "either has two or more branches with 'or' between them, each of which begins with 'expect MESSAGE' of one session")]
    [TestCase("either\nexpect Heartbeat\nor\nexpect Logout", "either has no end")]
    public void A_wrong_step_is_one_fault_with_its_line(string step, string fault) =>
        Assert.That(Parse(step).Faults, Is.EqualTo(new[] { $"x.case:{FirstLine}: {fault}" }));

    [Test]
    public void A_value_that_only_one_way_gives_cannot_be_relied_on() => Assert.That(Parse("""
        either
            expect Heartbeat TestReqID=?both
            let only = 1
        or
            expect TestRequest TestReqID=?both
        end
        send Heartbeat TestReqID=$both
        send Heartbeat TestReqID=$only
        """).Faults, Is.EqualTo(new[] { $"x.case:{FirstLine + 7}: $only has no value here" }));

    [Test]
    public void All_faults_of_a_file_are_told_at_once() =>
        Assert.That(Parse("send Nothing\nconnect\nexpect Nothing\nrepeat x as i\nsend Nothing\nend\nwait 5").Faults, Has.Count.EqualTo(4));

    [TestCase("purpose \"P\"\nfeature f\nsource \"S\"\ncertify venue\nconnect", "x.case:1: the head lacks: case \"TITLE\"")]
    [TestCase("case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\n", "x.case:1: the head lacks: certify venue, or certify client")]
    [TestCase("case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify nobody\nconnect", "x.case:5: certify venue or client, not 'nobody'")]
    [TestCase("case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify venue\n", "x.case:5: nothing follows")]
    [TestCase("case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify venue\nconnect\ncertify venue\nconnect", "x.case:7: 'certify venue' stands here twice")]
    [TestCase("case T\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify venue\nconnect", "x.case:1: the head has:")]
    [TestCase("case \"T\"\npurpose \"P\"\nfeature f\nsource \"S\"\ncertify client\nsecond: connect", "x.case:6: there is one session when a client is certified")]
    public void A_wrong_head_names_its_line(string text, string fault) =>
        Assert.That(CaseBook.Parse([("x.case", text)], Scripts.Words).Faults, Has.Some.StartsWith(fault));

    [TestCase("procedure x\nend procedure", "p.procedures:1: a procedure begins with: procedure NAME for venue|client [PARAMETER=DEFAULT ...]")]
    [TestCase("procedure x for venue\nconnect", "p.procedures:1: procedure x has no 'end procedure'")]
    [TestCase("procedure x for venue y\nend procedure", "p.procedures:1: a parameter is NAME=DEFAULT, not 'y'")]
    [TestCase("procedure x for venue\nsend Nothing\nend procedure", "p.procedures:2: there is no message 'Nothing'")]
    [TestCase("procedure x for venue\ndo x\nend procedure", "p.procedures:2: procedures are nested too deep")]
    [TestCase("procedure x for venue\nend procedure\nprocedure x for venue\nend procedure", "p.procedures:3: procedure x for venue stands here twice")]
    public void A_wrong_procedure_is_found_though_nobody_uses_it(string text, string fault) =>
        Assert.That(CaseBook.Parse([("p.procedures", text), ("x.case", Head + "connect")], Scripts.Words).Faults, Is.EqualTo(new[] { fault }));

    [Test]
    public void The_twelve_cases_are_right_and_each_is_for_both_sides()
    {
        Assert.That(Scripts.Book.Faults, Is.Empty);
        Assert.That(Scripts.Book.Cases, Has.Count.EqualTo(12));
        Assert.That(Scripts.Book.Cases, Has.All.Matches<Case>(c => c!.Scripts.Count == 2));
    }

    [Test]
    public void Damaged_scripts_give_faults_with_places_and_never_an_exception([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var files = Scripts.Files.Select(f => (f.Name, Text: random.Next(3) == 0 ? Damaged(f.Text, random) : f.Text)).ToArray();
            var book = CaseBook.Parse(files, Scripts.Words);
            Assert.That(book.Faults, Has.All.Match("^[0-9a-z-]+\\.(case|procedures):[0-9]+: ."), () => $"seed {seed}, round {round}");
            Assert.That(book.Cases, Has.Count.EqualTo(12));
        }
    }

    private static CaseBook Parse(string steps) =>
        CaseBook.Parse([("p.procedures", "procedure hello for venue text=hi\nsend TestRequest TestReqID=$text\nend procedure\n"), ("x.case", Head + steps)], Scripts.Words);

    private static string Damaged(string text, Random random)
    {
        const string Signs = "$\"=!?()#:| \n<>~0x";
        var characters = text.ToList();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(characters.Count);
            switch (random.Next(3))
            {
                case 0: characters.RemoveAt(at); break;
                case 1: characters.Insert(at, Signs[random.Next(Signs.Length)]); break;
                default: characters.RemoveRange(at, Math.Min(random.Next(1, 200), characters.Count - at)); break;
            }
            if (characters.Count == 0) break;
        }
        return new string([.. characters]);
    }
}
