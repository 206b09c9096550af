namespace LiquidityBridge;

/// <summary>Where one instrument's book at one exchange stands.</summary>
public enum BookState : byte
{
    /// <summary>No connection.</summary>
    Disconnected,
    /// <summary>Connecting, or waiting to.</summary>
    Connecting,
    /// <summary>Connected; the snapshot has not come, or what came did not prove itself.</summary>
    Syncing,
    /// <summary>Proven by sequence number or checksum, and heard of lately.</summary>
    Live,
    /// <summary>Was live; nothing was heard for too long.</summary>
    Stale,
    /// <summary>The exchange does not trade it now, or our side put it aside for a while.</summary>
    Suspended,
    /// <summary>Cannot be used until a person changes something.</summary>
    Disabled,
}

/// <summary>What happens to a book.</summary>
public enum BookEvent : byte
{
    /// <summary>A connection is attempted.</summary>
    Connecting,
    /// <summary>The connection is there, the subscription was sent.</summary>
    Subscribed,
    /// <summary>A snapshot or update whose proof was right.</summary>
    Proven,
    /// <summary>A proof was wrong, or a message is missing: everything known is void.</summary>
    Broken,
    /// <summary>Silence.</summary>
    Silent,
    /// <summary>The exchange halted it.</summary>
    Halted,
    /// <summary>The exchange goes on.</summary>
    Resumed,
    /// <summary>The connection is gone.</summary>
    Lost,
    /// <summary>It does not fit the configuration: nothing it says can be used.</summary>
    Misfit,
}

/// <summary>One book's state; only <see cref="Move"/> changes it.</summary>
public sealed class BookStatus
{
    /// <summary>Where it stands.</summary>
    public BookState State { get; private set; } = BookState.Disconnected;

    /// <summary>Applies what happened.</summary>
    public void Move(BookEvent on) => State = Next(State, on);

    /// <summary>Every legal move. A pair that is not listed is a bug of the adapter.</summary>
    public static BookState Next(BookState from, BookEvent on) => (from, on) switch
    {
        (BookState.Disabled, _) => BookState.Disabled,
        (_, BookEvent.Misfit) => BookState.Disabled,
        (_, BookEvent.Lost) => BookState.Disconnected,
        (BookState.Disconnected, BookEvent.Connecting) => BookState.Connecting,
        (BookState.Disconnected or BookState.Connecting, BookEvent.Silent or BookEvent.Halted or BookEvent.Resumed) => from,
        (BookState.Connecting, BookEvent.Connecting) => BookState.Connecting,
        (BookState.Connecting, BookEvent.Subscribed) => BookState.Syncing,
        (BookState.Syncing, BookEvent.Proven) => BookState.Live,
        (BookState.Syncing, BookEvent.Silent or BookEvent.Broken or BookEvent.Subscribed or BookEvent.Resumed) => BookState.Syncing,
        (BookState.Live, BookEvent.Proven or BookEvent.Resumed) => BookState.Live,
        (BookState.Live or BookState.Stale, BookEvent.Silent) => BookState.Stale,
        (BookState.Stale, BookEvent.Proven) => BookState.Live,
        (BookState.Stale, BookEvent.Resumed) => BookState.Stale,
        (BookState.Live or BookState.Stale, BookEvent.Broken) => BookState.Syncing,
        (BookState.Syncing or BookState.Live or BookState.Stale or BookState.Suspended, BookEvent.Halted) => BookState.Suspended,
        // What it showed when it was halted is old: only a new proof makes it live.
        (BookState.Suspended, BookEvent.Resumed) => BookState.Syncing,
        (BookState.Suspended, BookEvent.Proven or BookEvent.Silent or BookEvent.Broken or BookEvent.Subscribed) => BookState.Suspended,
        _ => throw new InvalidOperationException($"Book: {on} while {from}"),
    };
}
