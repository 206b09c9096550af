using System.Text;
using System.Xml.Linq;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Reading QuickFIX's XML form, and what the venue's own file says.</summary>
public sealed class DictionaryTests
{
    private const string Small = """
        <fix type='FIX' major='4' minor='4'>
          <header><field name='BeginString' required='Y'/></header>
          <messages>
            <message name='News' msgtype='B' msgcat='app'><component name='Lines' required='Y'/></message>
          </messages>
          <trailer><field name='CheckSum' required='Y'/></trailer>
          <components>
            <component name='Lines'><group name='NoLines' required='Y'><field name='Text' required='Y'/></group></component>
          </components>
          <fields>
            <field number='8' name='BeginString' type='STRING'/>
            <field number='10' name='CheckSum' type='STRING'/>
            <field number='33' name='NoLines' type='NUMINGROUP'/>
            <field number='58' name='Text' type='STRING'/>
          </fields>
        </fix>
        """;

    [Test]
    public void The_venue_has_the_messages_that_it_publishes()
    {
        foreach (var type in "0 1 2 3 4 5 A j D F G H 8 9 V W X Y x y q r AF c d e f g h B AD AQ AE AN AO AP BB BA i b S Z a AI R AG AH AJ".Split(' '))
            Assert.That(Wire.Dictionary.HasMessage(Encoding.ASCII.GetBytes(type)), Is.True, type);
        foreach (var type in "E s AS".Split(' '))
            Assert.That(Wire.Dictionary.HasMessage(Encoding.ASCII.GetBytes(type)), Is.False, type);
        foreach (var tag in new[] { 37, 11, 41, 17, 150, 39, 55, 54, 38, 40, 44, 59, 32, 31, 151, 14, 6, 60, 58, 103, 851, 527, 880, 790, 136, 378 })
            Assert.That(Wire.Dictionary.HasField("8"u8, tag), Is.True, $"{tag} on 8");
        Assert.That(Wire.Dictionary.BeginString, Is.EqualTo("FIX.4.4"));
        Assert.That(Wire.Dictionary.FieldName(880), Is.EqualTo("TrdMatchID"));
        Assert.That(Wire.Dictionary.MessageName("D"u8), Is.EqualTo("NewOrderSingle"));
    }

    [Test]
    public void Every_field_of_the_file_is_used_and_every_message_of_the_file_has_its_type_listed()
    {
        var root = XDocument.Load(Wire.DictionaryPath).Root!;
        var used = root.Descendants().Where(e => e.Name.LocalName is "field" or "group" && e.Attribute("required") is not null).Select(e => (string)e.Attribute("name")!).ToHashSet();
        Assert.That(root.Element("fields")!.Elements().Select(f => (string)f.Attribute("name")!), Is.EquivalentTo(used));
        var types = root.Element("fields")!.Elements().Single(f => (string)f.Attribute("number")! == "35").Elements().Select(v => (string)v.Attribute("enum")!);
        Assert.That(types, Is.EquivalentTo(root.Element("messages")!.Elements().Select(m => (string)m.Attribute("msgtype")!)));
    }

    [Test]
    public void A_good_dictionary_loads() => Assert.That(Load(Small).HasField("B"u8, 33), Is.True);

    [TestCase("<field name='Text' required='Y'/>", "<field name='Texts' required='Y'/>", "no such field")]
    [TestCase("<component name='Lines' required='Y'/>", "<component name='Line' required='Y'/>", "no such component")]
    [TestCase("<field name='Text' required='Y'/>", "<component name='Lines' required='Y'/>", "contain themselves")]
    [TestCase("<field name='Text' required='Y'/>", "", "an empty group")]
    [TestCase("<field name='Text' required='Y'/>", "<field name='Text' required='Y'/><field name='Text' required='N'/>", "stands here twice")]
    [TestCase("type='NUMINGROUP'", "type='STRING'", "not of type NUMINGROUP")]
    [TestCase("type='NUMINGROUP'", "type='NUMBER'", "type 'NUMBER' is not known")]
    [TestCase("number='58'", "number='33'", "defined twice")]
    [TestCase("number='58'", "number='0'", "number must be")]
    [TestCase("number='58'", "", "no attribute 'number'")]
    [TestCase("<field number='58' name='Text' type='STRING'/>", "<field number='58' name='Text' type='STRING'/><field number='59' name='Text' type='STRING'/>", "defined twice")]
    public void A_dictionary_that_contradicts_itself_is_refused(string part, string instead, string fault) =>
        Assert.That(() => Load(Small.Replace(part, instead)), Throws.TypeOf<InvalidDataException>().With.Message.Contains(fault));

    private static FixDictionary Load(string xml) => FixDictionary.Load(new MemoryStream(Encoding.UTF8.GetBytes(xml)));

    [Test]
    public void A_dictionary_without_fields_is_refused() => Assert.That(
        () => Load("<fix major='4' minor='4'><header/><trailer/><messages/><fields/></fix>"),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("dictionary: <fields> is empty"));

    [Test]
    public void Components_that_multiply_each_other_are_refused()
    {
        // Twelve levels of ten components each, and not one field in them.
        var components = string.Concat(Enumerable.Range(0, 12).Select(level =>
            $"<component name='C{level}'>{string.Concat(Enumerable.Repeat($"<component name='C{level + 1}' required='N'/>", 10))}</component>"));
        Assert.That(() => Load($"""
            <fix major='4' minor='4'><header/><trailer/>
            <messages><message name='M' msgtype='M' msgcat='app'><component name='C0' required='Y'/></message></messages>
            <components>{components}<component name='C12'/></components>
            <fields><field number='58' name='Text' type='STRING'/></fields></fix>
            """), Throws.TypeOf<InvalidDataException>().With.Message.Contains("more than 1000000 places"));
    }
}
