using Venue.Messages;

namespace LiquidityBridge.Exchanges;

/// <summary>
/// One instrument's book at one exchange as an adapter keeps it: levels, state, and why it is not live. Whatever a
/// protocol proves it by, it is told to the core only from here, and never crossed.
/// </summary>
public class MarketBook(Instrument instrument, Market market, int depth, Inbox inbox, Tally tally)
{
    private readonly ImagePool _images = new(market.Exchange, instrument.Id);
    private readonly BookStatus _status = new();
    private OutsideReason _why;

    /// <summary>What it is a book of.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Where.</summary>
    public Market Market { get; } = market;

    /// <summary>Levels, in units of 10^-decimals of <see cref="SetDecimals"/>; on the instrument's grid unless that was called.</summary>
    public LevelBook Levels { get; } = new();

    /// <summary>Where it stands.</summary>
    public BookState State => _status.State;

    /// <summary>Decimals of a price in <see cref="Levels"/>.</summary>
    public int PriceDecimals { get; private set; } = instrument.PriceDecimals;

    /// <summary>Decimals of a quantity in <see cref="Levels"/>.</summary>
    public int QuantityDecimals { get; private set; } = instrument.QuantityDecimals;

    private long PriceUnit { get; set; } = 1;

    private long QuantityUnit { get; set; } = 1;

    /// <summary>The exchange's own precisions, for books whose digits are what a checksum is over. False when they are finer than the grid.</summary>
    public bool SetDecimals(long price, long quantity)
    {
        if (price < 0 || price > Instrument.PriceDecimals || quantity < 0 || quantity > Instrument.QuantityDecimals) return false;
        (PriceDecimals, QuantityDecimals) = ((int)price, (int)quantity);
        (PriceUnit, QuantityUnit) = ((long)Instrument.Power(Instrument.PriceDecimals - PriceDecimals), (long)Instrument.Power(Instrument.QuantityDecimals - QuantityDecimals));
        return true;
    }

    /// <summary>Sets one level from the digits of the message; a quantity of zero removes it. False, and counted, when they are not what they must be.</summary>
    public bool Set(bool isBid, ReadOnlySpan<byte> price, ReadOnlySpan<byte> quantity)
    {
        if (DecimalText.TryScaled(price, PriceDecimals, out var at) && at > 0 && DecimalText.TryScaled(quantity, QuantityDecimals, out var size) && size >= 0)
        {
            Levels.Set(isBid, at, size);
            return true;
        }
        return false;
    }

    /// <summary>Something happened to the connection or the instrument; levels are void unless it is live.</summary>
    public void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        _status.Move(on);
        _why = why;
        if (why != OutsideReason.None && on != BookEvent.Connecting) tally.Count(why, Instrument.Id);
        if (State != BookState.Live) Levels.Clear();
        Tell(nowNs);
    }

    /// <summary>The protocol's proof was right: it is told, unless its sides meet. False when they do; it is void then.</summary>
    public bool Prove(long nowNs)
    {
        if (Levels.IsCrossed)
        {
            Move(BookEvent.Broken, OutsideReason.Crossed, nowNs);
            return false;
        }
        _status.Move(BookEvent.Proven);
        _why = State == BookState.Live ? OutsideReason.None : _why;
        Tell(nowNs);
        return true;
    }

    /// <summary>Something traded, whoever traded it; counted when the digits are not what they must be.</summary>
    public void Traded(ReadOnlySpan<byte> price, ReadOnlySpan<byte> quantity, Side takerSide, long nowNs)
    {
        if (DecimalText.TryScaled(price, Instrument.PriceDecimals, out var at) && at > 0 && DecimalText.TryScaled(quantity, Instrument.QuantityDecimals, out var size) && size > 0)
            inbox(new OutsideTrade { NowNs = nowNs, Exchange = Market.Exchange, Instrument = Instrument.Id, Price = at, Quantity = size, TakerSide = takerSide });
        else tally.Count(OutsideReason.BadNumber, Instrument.Id);
    }

    private void Tell(long nowNs)
    {
        var image = _images.Rent(State, _why, nowNs);
        image.Fill(Levels, State == BookState.Live ? depth : 0, PriceUnit, QuantityUnit);
        inbox(image);
    }
}
