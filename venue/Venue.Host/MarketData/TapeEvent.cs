using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Host;

/// <summary>What a slot of the tape holds.</summary>
internal enum TapeKind : byte
{
    Level,
    Trade,
    Indicative,
    Phase,
    Step,
}

/// <summary>Something public that happened: one slot of a <see cref="MarketTape"/>.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct TapeEvent
{
    [FieldOffset(0)] public TapeKind Kind;
    [FieldOffset(8)] public LevelChanged Level;
    [FieldOffset(8)] public Trade Trade;
    [FieldOffset(8)] public Indicative Indicative;
    [FieldOffset(8)] public PhaseChanged Phase;
    [FieldOffset(8)] public EntryStep Step;
}
