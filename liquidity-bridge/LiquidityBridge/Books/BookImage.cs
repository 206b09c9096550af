using System.Runtime.InteropServices;

namespace LiquidityBridge;

/// <summary>The whole book of one instrument at one exchange, best first; what came before it is forgotten.</summary>
/// <remarks>
/// One that comes from an <see cref="ImagePool"/> has one owner at a time: whoever replaces it by a newer one, or passes
/// it over, gives it back. One that was simply made may be kept.
/// </remarks>
public sealed record BookImage : Input
{
    private readonly ImagePool? _pool;
    private readonly List<Level> _bids = [], _asks = [];

    /// <summary>An image that nobody will use again.</summary>
    public BookImage()
    {
    }

    internal BookImage(ImagePool pool)
    {
        _pool = pool;
        (Bids, Asks) = (_bids, _asks);
    }

    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }

    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }

    /// <summary>Where the book stands; only a live one has levels that mean something.</summary>
    public required BookState State { get; set; }

    /// <summary>Why it is not live; None when it is, or when nobody said.</summary>
    public OutsideReason Why { get; set; }

    /// <summary>Bids, highest first.</summary>
    public IReadOnlyList<Level> Bids { get; init; } = [];

    /// <summary>Asks, lowest first.</summary>
    public IReadOnlyList<Level> Asks { get; init; } = [];

    /// <summary>Takes the best levels of a book into an image of a pool, each price and quantity times its unit.</summary>
    public void Fill(LevelBook book, int depth, long priceUnit, long quantityUnit)
    {
        if (_pool is null) throw new InvalidOperationException("An image that may be kept never changes.");
        Copy(book.BidSpan, _bids, depth, priceUnit, quantityUnit);
        Copy(book.AskSpan, _asks, depth, priceUnit, quantityUnit);
    }

    /// <summary>Its owner needs it no more.</summary>
    public void Release() => _pool?.Return(this);

    private static void Copy(ReadOnlySpan<Level> from, List<Level> to, int depth, long priceUnit, long quantityUnit)
    {
        from = from[..Math.Min(depth, from.Length)];
        CollectionsMarshal.SetCount(to, from.Length);
        var copy = CollectionsMarshal.AsSpan(to);
        from.CopyTo(copy);
        if (priceUnit == 1 && quantityUnit == 1) return;
        foreach (ref var level in copy) level = new Level(level.Price * priceUnit, level.Quantity * quantityUnit);
    }
}

/// <summary>The images of one book that are not in use: in steady state none is ever made. Any thread.</summary>
public sealed class ImagePool(int exchange, int instrument)
{
    /// <summary>One is written, one waits to be read, one is the core's, and one is on its way.</summary>
    private const int Kept = 4;

    private readonly BookImage?[] _free = new BookImage?[Kept];

    /// <summary>An image to fill; its levels are those of its last use.</summary>
    public BookImage Rent(BookState state, OutsideReason why, long nowNs)
    {
        for (var i = 0; i < Kept; i++)
        {
            if (Interlocked.Exchange(ref _free[i], null) is not { } image) continue;
            (image.State, image.Why, image.NowNs) = (state, why, nowNs);
            return image;
        }
        return new BookImage(this) { NowNs = nowNs, Exchange = exchange, Instrument = instrument, State = state, Why = why };
    }

    internal void Return(BookImage image)
    {
        for (var i = 0; i < Kept; i++)
            if (Interlocked.CompareExchange(ref _free[i], image, null) is null) return;
    }
}
