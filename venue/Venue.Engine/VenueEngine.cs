using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>
/// The venue itself: takes sequenced commands, keeps orders, books and balances, tells what happened.
/// State = fold(journal): the same commands give the same events, byte for byte, on any machine.
/// </summary>
/// <remarks>
/// Owned by one thread. No clock, no I/O, no randomness, no floating point. Order commands allocate nothing;
/// definitions and credits may. TEvents is a struct so that the JIT binds the calls directly.
/// </remarks>
public sealed partial class VenueEngine<TEvents> where TEvents : struct, IEvents
{
    private readonly EngineCapacity _capacity;
    private readonly OrderSlab _slab;
    private readonly LevelPages _pages;
    private readonly FixedArray<long> _places;
    private readonly Orders _orders;
    private readonly ClOrdIDs _ids;
    private readonly Balances _balances = new();
    private readonly List<DefineAsset> _assets = [default];
    private readonly List<DefineFirm> _firms = [default];
    private readonly List<DefineSession> _sessions = [default];
    private readonly List<Credit> _credits = [];
    private readonly Dictionary<Text40, int> _creditOf = [];
    private readonly long[] _counts = new long[byte.MaxValue + 1];
    private Instrument<Fills>?[] _instruments = new Instrument<Fills>?[16];
    private int _instrumentCount;
    private int[] _firmOf = new int[16];
    [NotState] private TEvents _events;

    // The command that is being applied.
    private long _seq;
    private long _timeNs;
    private int _index;

    /// <summary>An engine that knows nothing yet.</summary>
    /// <exception cref="ArgumentException">The capacity is not sound.</exception>
    public VenueEngine(EngineCapacity capacity, TEvents events)
    {
        ArgumentNullException.ThrowIfNull(capacity);
        var faults = capacity.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join("; ", faults), nameof(capacity));
        _slab = new OrderSlab(capacity.Orders, Unsafe.SizeOf<Order>());
        _pages = new LevelPages(capacity.LevelPages);
        _places = new FixedArray<long>(capacity.Orders + 1);
        _orders = new Orders(_slab);
        _specials = new SpecialOrders(capacity.Orders);
        _ids = new ClOrdIDs(capacity.ClOrdIDs, capacity.HashKey);
        _sessionOrders = new SessionOrders(_orders);
        _touched = new int[capacity.Orders + 2];
        _events = events;
        _capacity = capacity;
    }

    /// <summary>Levels that an order which asks what it could trade at once looks at, and trades through when it cannot rest. The same in every venue; a few in tests.</summary>
    [field: NotState] internal int Reach { get; init; } = 16_384;

    /// <summary>Sequence number of the last command applied; 0 before the first.</summary>
    public long LastSeq => _seq;

    /// <summary>Time of the last command, nanoseconds since 1970-01-01 UTC; 0 before the first.</summary>
    public long LastTimeNs => _timeNs;

    /// <summary>Not after the next time at which something happens by itself, if only a command brings it; the highest number for never.</summary>
    public long NextDueNs => _nextDueNs;

    /// <summary>Orders that are neither filled nor canceled.</summary>
    public int OpenOrders => _orders.OpenCount;

    /// <summary>Trades on all instruments.</summary>
    public long Trades { get; private set; }

    /// <summary>Commands of this type that were applied, refused ones included.</summary>
    public long Count(CommandType type) => _counts[(int)type];

    /// <summary>What a firm (0 is the house) has of an asset; available is negative as far as it uses its credit line.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The firm or the asset is not defined.</exception>
    public (Amount Available, Amount Held) Balance(int firm, int asset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firm);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(firm, _firms.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(asset, _assets.Count);
        ref var balance = ref _balances.Of(firm, asset);
        return (new Amount(balance.Own), new Amount(balance.Held));
    }

    /// <summary>What a firm has of an asset on its way out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The firm or the asset is not defined.</exception>
    public Amount Withdrawing(int firm, int asset)
    {
        Balance(firm, asset);
        return new Amount(_balances.Of(firm, asset).Withdrawing);
    }

    /// <summary>A firm's position on an instrument: net lots, what they cost in tick-lots, and the realised P&amp;L in quote atoms; all zero for a firm that keeps none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The instrument is not defined.</exception>
    public (long Lots, Int128 CostTickLots, Amount Realised) Position(int firm, int instrument)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instrument);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instrument, _instrumentCount);
        var position = _positions.Of(firm, instrument);
        return (position.Lots, position.CostTickLots, new Amount(position.RealisedAtoms));
    }

    /// <summary>Applies one whole stamped command; its events are emitted before this returns, Index 0, 1, 2...</summary>
    /// <exception cref="InvalidOperationException">
    /// The bytes are no command that follows the last one, or an invariant is broken. Either way the journal is not
    /// ours or the engine is wrong, and nothing may be told after it.
    /// </exception>
    public void Apply(ReadOnlySpan<byte> command)
    {
        if (!Command.IsWellFormed(command)) throw new InvalidOperationException($"After command {_seq}: {command.Length} bytes that are no command");
        ref readonly var header = ref Command.Header(command);
        if (header.Seq != _seq + 1) throw new InvalidOperationException($"Command {header.Seq} after {_seq}");
        if (header.TimeNs < _timeNs) throw new InvalidOperationException($"Command {header.Seq}: time {header.TimeNs} before {_timeNs}");
        _seq = header.Seq;
        _timeNs = header.TimeNs;
        _index = 0;
        _counts[(int)header.Type]++;
        if (_timeNs >= _nextDueNs) DoDue();

        switch (header.Type)
        {
            case CommandType.NewOrder: On(in Command.As<NewOrder>(command)); break;
            case CommandType.CancelOrder: On(in Command.As<CancelOrder>(command)); break;
            case CommandType.ReplaceOrder: On(in Command.As<ReplaceOrder>(command)); break;
            case CommandType.OrderStatus: On(in Command.As<OrderStatusRequest>(command)); break;
            case CommandType.RefuseOrder: On(in Command.As<RefuseOrder>(command)); break;
            case CommandType.Credit: On(in Command.As<Credit>(command)); break;
            case CommandType.DefineAsset: On(in Command.As<DefineAsset>(command)); break;
            case CommandType.DefineInstrument: On(in Command.As<DefineInstrument>(command)); break;
            case CommandType.DefineFirm: On(in Command.As<DefineFirm>(command)); break;
            case CommandType.DefineSession: On(in Command.As<DefineSession>(command)); break;
            case CommandType.HoldWithdrawal: On(in Command.As<HoldWithdrawal>(command)); break;
            case CommandType.SettleWithdrawal: On(in Command.As<SettleWithdrawal>(command)); break;
            case CommandType.ReleaseWithdrawal: On(in Command.As<ReleaseWithdrawal>(command)); break;
            case CommandType.Kill: On(in Command.As<Kill>(command)); break;
            case CommandType.NewSpecialOrder: On(in Command.As<NewSpecialOrder>(command)); break;
            case CommandType.ReplaceSpecialOrder: On(in Command.As<ReplaceSpecialOrder>(command)); break;
            case CommandType.DefineTrading: On(in Command.As<DefineTrading>(command)); break;
            case CommandType.SetPhase: On(in Command.As<SetPhase>(command)); break;
            case CommandType.SetIndexPrice: On(in Command.As<SetIndexPrice>(command)); break;
            case CommandType.DefineSelfTrade: On(in Command.As<DefineSelfTrade>(command)); break;
            case CommandType.Tick:
                CheckNextAsset();
                ContinueMargins();
                break;
            case CommandType.DefineFees: On(in Command.As<DefineFees>(command)); break;
            case CommandType.DefineAccount: On(in Command.As<DefineAccount>(command)); break;
            case CommandType.SetCreditLine: On(in Command.As<SetCreditLine>(command)); break;
            case CommandType.CorrectTrade: On(in Command.As<CorrectTrade>(command)); break;
            case CommandType.ContinueMargin: ContinueMargins(); break;
            case CommandType.DefineMarginAsset: On(in Command.As<DefineMarginAsset>(command)); break;
            case CommandType.DefineMarginAccount: On(in Command.As<DefineMarginAccount>(command)); break;
            case CommandType.DefineLiquidation: On(in Command.As<DefineLiquidation>(command)); break;
            case CommandType.DefineInsurance: On(in Command.As<DefineInsurance>(command)); break;
            case CommandType.ChargeInterest: On(in Command.As<ChargeInterest>(command)); break;
            case CommandType.DefineLimits: On(in Command.As<DefineLimits>(command)); break;
            case CommandType.DefineVenue: On(in Command.As<DefineVenue>(command)); break;
            case CommandType.MassCancel: On(in Command.As<MassCancel>(command)); break;
            case CommandType.MassStatus: On(in Command.As<MassStatus>(command)); break;
            case CommandType.ContinueWalk: On(in Command.As<ContinueWalk>(command)); break;
            case CommandType.Connect: On(in Command.As<Connect>(command)); break;
            case CommandType.Disconnect: On(in Command.As<Disconnect>(command)); break;
            case CommandType.Quote: On(in Command.As<Quote>(command)); break;
            case CommandType.CancelQuotes: On(in Command.As<CancelQuotes>(command)); break;
            case CommandType.QuoteStatus: On(in Command.As<QuoteStatus>(command)); break;
            case CommandType.ResetProtection: On(in Command.As<ResetProtection>(command)); break;
            case CommandType.WatchRequests: On(in Command.As<WatchRequests>(command)); break;
            case CommandType.RequestQuotes: On(in Command.As<RequestQuotes>(command)); break;
            case CommandType.OfferQuote: On(in Command.As<OfferQuote>(command)); break;
            case CommandType.TakeOffer: On(in Command.As<TakeOffer>(command)); break;
            case CommandType.EndRequest: On(in Command.As<EndRequest>(command)); break;
            case CommandType.RequestBestQuotes: On(in Command.As<RequestBestQuotes>(command)); break;
            case CommandType.DeclineRequest: On(in Command.As<DeclineRequest>(command)); break;
            case CommandType.DefineLastLook: On(in Command.As<DefineLastLook>(command)); break;
            case CommandType.AnswerHit: On(in Command.As<AnswerHit>(command)); break;
            case CommandType.DefineQuoting: On(in Command.As<DefineQuoting>(command)); break;
            default: throw new InvalidOperationException($"Command {_seq}: type {header.Type} is not handled");
        }
        if (_trips.Count > 0) PullElsewhere();
    }

    /// <summary>The firm that trades through a session; 0 when the session is unknown or belongs to none.</summary>
    private int FirmOf(int session) => (uint)session < (uint)_firmOf.Length ? _firmOf[session] : 0;

    private Instrument<Fills>? InstrumentOf(int number) => (uint)number < (uint)_instruments.Length ? _instruments[number] : null;
}
