namespace Venue.Messages;

/// <summary>What becomes of a resting order; the codes of MDUpdateAction(279).</summary>
public enum BookStep : byte
{
    /// <summary>It stands last at its price.</summary>
    Came = 0,
    /// <summary>It has another quantity and the same place.</summary>
    Changed = 1,
    /// <summary>It leaves its place.</summary>
    Left = 2,
}

/// <summary>One step of a shown book seen order by order.</summary>
/// <param name="Instrument">Number of the instrument.</param>
/// <param name="Step">What happened.</param>
/// <param name="Side">Side that it rests on.</param>
/// <param name="Ticks">Its price.</param>
/// <param name="Lots">What it shows now; 0 when it has left.</param>
/// <param name="Entry">
/// Number of its place in its queue: as long as it keeps that, the same. What goes to the end of a queue, also an iceberg's next part, has
/// a higher one than all before, so that at one price lower numbers trade first. It says nothing of whose order it is.
/// </param>
public readonly record struct EntryStep(int Instrument, BookStep Step, Side Side, int Ticks, long Lots, long Entry);
