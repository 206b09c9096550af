using LiquidityBridge.Exchanges.Fix;

namespace LiquidityBridge.Tests.Exchanges;

internal sealed class SequenceFileTests
{
    private string _path = "";

    [SetUp]
    public void MakeFolder() => _path = Path.Combine(Directory.CreateTempSubdirectory("bridge-seq").FullName, "a.seq");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Test]
    public void Closed_it_has_the_exact_numbers()
    {
        using (var file = new SequenceFile(_path))
        {
            Assert.That((file.NextOut, file.NextIn), Is.EqualTo((1, 1)));
            for (var i = 1; i <= 300; i++) file.Sent(i, default);
            file.Received(42);
            file.Mark()();
        }
        using var again = new SequenceFile(_path);
        Assert.That((again.NextOut, again.NextIn), Is.EqualTo((301, 42)));
    }

    [Test]
    public void After_a_crash_the_number_is_above_all_that_were_used()
    {
        for (var sent = 1; sent < 600; sent += 37)
        {
            File.Delete(_path);
            var copy = _path + ".crashed";
            using (var file = new SequenceFile(_path))
            {
                for (var i = 1; i <= sent; i++) file.Sent(i, default);
                file.Received(7);
                file.Mark()();
                File.Copy(_path, copy, overwrite: true);
            }
            using var again = new SequenceFile(copy);
            Assert.That(again.NextOut, Is.GreaterThan(sent));
            Assert.That(again.NextIn, Is.EqualTo(7));
        }
    }

    [Test]
    public void What_was_received_and_not_put_away_is_asked_for_again()
    {
        using (var file = new SequenceFile(_path))
        {
            file.Received(5);
            var mark = file.Mark();
            file.Received(9);
            Assert.That(file.IsBehind, Is.True);
            mark();
            Assert.That((file.NextIn, file.IsBehind), Is.EqualTo((9, true)));
        }
        using var again = new SequenceFile(_path);
        Assert.That((again.NextIn, again.IsBehind), Is.EqualTo((5, false)));
    }

    [Test]
    public void A_mark_from_before_a_reset_says_nothing()
    {
        using (var file = new SequenceFile(_path))
        {
            file.Received(5);
            var mark = file.Mark();
            file.Reset(0);
            file.Received(3);
            mark();
        }
        using var again = new SequenceFile(_path);
        Assert.That(again.NextIn, Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_file_is_not_guessed_at()
    {
        using (var file = new SequenceFile(_path)) file.Sent(1, default);
        var bytes = File.ReadAllBytes(_path);
        bytes[0] ^= 1;
        File.WriteAllBytes(_path, bytes);
        Assert.That(() => new SequenceFile(_path), Throws.InstanceOf<InvalidDataException>());
    }
}
