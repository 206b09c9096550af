namespace Venue.Gateway;

/// <summary>The journal of sessions of which nothing is kept.</summary>
internal sealed class NoJournal : ISessionJournal
{
    long ISessionJournal.AppendSent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> message) => throw NothingIsKept();
    void ISessionJournal.AppendState(ReadOnlySpan<byte> state) => throw NothingIsKept();
    ReadOnlySpan<byte> ISessionJournal.ReadSent(long position) => throw NothingIsKept();
    void ISessionJournal.NotKept(int session, int msgSeqNum) => throw NothingIsKept();

    private static InvalidOperationException NothingIsKept() => new("Of a session of kind MarketData nothing is kept.");
}
