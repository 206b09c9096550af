namespace LiquidityBridge.Exchanges;

/// <summary>
/// Between one connection's protocol and the inbox: while another connection is the one in use, what this one knows is
/// kept here, the newest of each. Reports about orders always pass: the core knows which it has had.
/// </summary>
/// <remarks>Gates that follow each other share one lock, so that nothing of the old one comes after the new one has opened.</remarks>
internal sealed class Gate(Inbox inbox, Lock gates)
{
    private enum Position { Held, Open, Closed }

    private readonly Dictionary<int, BookState> _states = [];
    private readonly Dictionary<int, BookImage> _held = [];
    private ExchangeTrading? _heldTrading;
    private bool _isTradingUp;
    private Position _position = Position.Held;

    /// <summary>The protocol's inbox.</summary>
    public void Post(Input input)
    {
        lock (gates)
        {
            switch (input)
            {
                case BookImage image:
                    _states[image.Instrument] = image.State;
                    if (_position == Position.Open) inbox(image);
                    else if (_position == Position.Closed) image.Release();
                    else Hold(image);
                    break;
                case ExchangeTrading trading:
                    _isTradingUp = trading.IsUp;
                    if (_position == Position.Open) inbox(trading);
                    else _heldTrading = trading;
                    break;
                case ExchangeHeard:
                    if (_position == Position.Open) inbox(input);
                    break;
                default:
                    inbox(input);
                    break;
            }
        }
    }

    /// <summary>True when every book that is live behind <paramref name="other"/> is so here too, and orders can be sent if they can there.</summary>
    public bool KnowsAsMuchAs(Gate other)
    {
        lock (gates)
        {
            foreach (var (instrument, state) in other._states)
                if (state == BookState.Live && _states.GetValueOrDefault(instrument) != BookState.Live) return false;
            return _isTradingUp || !other._isTradingUp;
        }
    }

    /// <summary>This one is in use from here on: what it knows is told.</summary>
    /// <param name="former">In use so far; null for the first.</param>
    public void Follow(Gate? former)
    {
        lock (gates)
        {
            if (former is not null) former._position = Position.Closed;
            _position = Position.Open;
            foreach (var image in _held.Values) inbox(image);
            _held.Clear();
            if (_heldTrading is not null) inbox(_heldTrading);
            _heldTrading = null;
        }
    }

    private void Hold(BookImage image)
    {
        if (_held.TryGetValue(image.Instrument, out var older)) older.Release();
        _held[image.Instrument] = image;
    }
}
