using Venue.Engine;
using Venue.Gateway;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// What a snapshot holds: the command that sized the engine, then the image of engine, gateway (sessions' numbers, where their messages
/// are kept, reports not told yet, public books) and definitions.
/// </summary>
internal static class CoreSnapshot
{
    /// <summary>Layout of everything in a snapshot.</summary>
    public static readonly ulong Layout = ImageLayout.Of(typeof(VenueEngine<CoreEvents>), typeof(Gateway.Gateway), typeof(Known));

    /// <summary>Writes a snapshot, complete but for the disk's own promise.</summary>
    /// <param name="writer">Its file.</param>
    /// <param name="header">Where it stands; the layout is filled in.</param>
    /// <param name="venue">The command that the engine was made by.</param>
    /// <param name="state">Engine, gateway and definitions.</param>
    /// <param name="outside">What the gateway was given at its construction: options, commands, journal.</param>
    public static void Write<TEvents>(SnapshotWriter writer, SnapshotHeader header, DefineVenue venue,
        (VenueEngine<TEvents> Engine, Gateway.Gateway Gateway, Known Known) state, (GatewayOptions, ICommandSink, ISessionJournal) outside) where TEvents : struct, IEvents
    {
        var bytes = new Out(writer);
        bytes.Move(ref venue);
        StateImage.Move([state.Engine, state.Gateway, state.Known], [outside.Item1, outside.Item2, outside.Item3], bytes);
        writer.Complete(header with { Layout = Layout });
    }

    /// <summary>The command that the engine is to be made by; first.</summary>
    public static DefineVenue ReadVenue(SnapshotReader reader)
    {
        DefineVenue venue = default;
        new In(reader).Move(ref venue);
        return venue;
    }

    /// <summary>Makes engine, gateway and definitions, all new, what they were; second.</summary>
    public static void Read<TEvents>(SnapshotReader reader,
        (VenueEngine<TEvents> Engine, Gateway.Gateway Gateway, Known Known) state, (GatewayOptions, ICommandSink, ISessionJournal) outside) where TEvents : struct, IEvents =>
        StateImage.Move([state.Engine, state.Gateway, state.Known], [outside.Item1, outside.Item2, outside.Item3], new In(reader));

    private sealed class Out(SnapshotWriter writer) : ImageBytes
    {
        public override bool IsReading => false;
        public override void Move(Span<byte> bytes) => writer.Write(bytes);
    }

    private sealed class In(SnapshotReader reader) : ImageBytes
    {
        public override bool IsReading => true;
        public override void Move(Span<byte> bytes) => reader.Read(bytes);
    }
}
