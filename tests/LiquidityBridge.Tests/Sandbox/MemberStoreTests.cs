using LiquidityBridge.Sandbox.Fix;

namespace LiquidityBridge.Tests.Sandbox;

internal sealed class MemberStoreTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("member").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "a", "b.seq");

    [Test]
    public void After_a_restart_no_number_is_used_twice()
    {
        var first = new MemberStore(File);
        for (var number = 1; number <= 2500; number++) first.Sent(number, "x"u8);
        first.Received(7);
        Assert.That(first.Find(2500).ToArray(), Is.EqualTo("x"u8.ToArray()));

        var second = new MemberStore(File);
        Assert.That(second.NextOut, Is.GreaterThan(2500));
        Assert.That(second.NextIn, Is.LessThanOrEqualTo(7), "an old one is asked about again");
        Assert.That(second.Find(2500).IsEmpty, "a gap fill stands for it");
        second.Reset(1);
        Assert.That(new MemberStore(File) is { NextOut: 1, NextIn: 1 });
    }

    [Test]
    public void Without_a_file_numbers_begin_at_1() => Assert.That(new MemberStore(null) is { NextOut: 1, NextIn: 1 });

    [TestCase("12")]
    [TestCase("0 5")]
    [TestCase("a b")]
    public void A_damaged_file_is_named(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
        Assert.That(() => new MemberStore(File), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(File));
    }
}
