using NUnit.Framework.Interfaces;

namespace EndToEnd;

/// <summary>Tests that share one floor, each a scene of its own. A failed one prints the transcripts of everyone.</summary>
[Category("EndToEnd")]
public abstract class Scene
{
    internal TradingFloor Floor { get; private set; } = null!;

    [OneTimeSetUp]
    public void OpenFloor()
    {
        Floor = new TradingFloor();
        Floor.Venue.Start();
        Seat();
    }

    [OneTimeTearDown]
    public void CloseFloor() => Floor.Dispose();

    [SetUp]
    public void Begin() => Floor.NewScene();

    [TearDown]
    public void End()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            // Who knows in what state it left everyone: the next scene gets a new floor.
            TestContext.Out.WriteLine(Floor.Transcript());
            CloseFloor();
            OpenFloor();
            return;
        }
        Floor.ExpectSilence();
        Floor.Clear();
    }

    /// <summary>Brings the clients.</summary>
    protected abstract void Seat();

    /// <summary>Plays a scene; see <see cref="TradingFloor"/>.</summary>
    protected void Play(string text) => Floor.Play(text);
}
