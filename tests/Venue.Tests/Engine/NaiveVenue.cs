using System.Numerics;
using System.Runtime.CompilerServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>
/// The venue's rules once more, written to be read: lists, dictionaries, big integers, no care for speed.
/// What it says must be what the engine says, byte for byte.
/// </summary>
internal sealed partial class NaiveVenue(EngineCapacity capacity, EventLog log, int reach = 16_384)
{
    private readonly Dictionary<int, NaiveInstrument> _instruments = [];
    private readonly Dictionary<int, int> _firmOf = [];
    private readonly Dictionary<Text40, (int Firm, int Asset, BigInteger Atoms)> _credits = [];
    private readonly Dictionary<Text40, (HoldWithdrawal Held, EventType Last)> _withdrawals = [];
    private readonly HashSet<(KillScope Scope, int Target)> _kills = [];
    private readonly Dictionary<(int Session, Text40 ClOrdID), NaiveOrder?> _used = [];
    private readonly Queue<(int Session, Text40 ClOrdID)> _forgettable = [];
    private readonly Queue<int> _closedSlots = [];
    private readonly List<int> _generationOf = [0];
    private readonly Dictionary<int, NaiveOrder> _orderIn = [];
    private readonly List<(Side Side, long Ticks)> _touched = [];
    private readonly Dictionary<int, (int Group, SelfTradeMode Mode)> _selfTrades = [];
    private readonly List<NaiveOrder> _expiring = [];
    private CommandHeader _command;
    private int _index;

    /// <summary>By firm and asset.</summary>
    public Dictionary<(int Firm, int Asset), NaiveBalance> Balances { get; } = [];

    public int OpenOrders => _orderIn.Values.Count(order => order.IsOpen);

    public void Apply(ReadOnlySpan<byte> bytes)
    {
        _command = Command.Header(bytes);
        _index = 0;
        _touched.Clear();
        DoDue();
        foreach (var instrument in _instruments.Values) instrument.DynamicCentre = instrument.Last;
        switch (_command.Type)
        {
            case CommandType.DefineAsset:
                log.Add(new AssetDefined { Header = Header<AssetDefined>(EventType.AssetDefined, 0, 0), Definition = Command.As<DefineAsset>(bytes) });
                break;
            case CommandType.DefineFirm:
                log.Add(new FirmDefined { Header = Header<FirmDefined>(EventType.FirmDefined, 0, 0), Definition = Command.As<DefineFirm>(bytes) });
                break;
            case CommandType.DefineSession:
                var session = Command.As<DefineSession>(bytes);
                _firmOf[session.DefinedSession] = session.Firm;
                log.Add(new SessionDefined { Header = Header<SessionDefined>(EventType.SessionDefined, 0, 0), Definition = session });
                break;
            case CommandType.DefineInstrument: Define(Command.As<DefineInstrument>(bytes)); break;
            case CommandType.Credit: Credit(Command.As<Credit>(bytes)); break;
            case CommandType.HoldWithdrawal: Hold(Command.As<HoldWithdrawal>(bytes)); break;
            case CommandType.SettleWithdrawal: End(Command.As<SettleWithdrawal>(bytes).Key, EventType.WithdrawalSettled); break;
            case CommandType.ReleaseWithdrawal: End(Command.As<ReleaseWithdrawal>(bytes).Key, EventType.WithdrawalReleased); break;
            case CommandType.Kill: Kill(Command.As<Kill>(bytes)); break;
            case CommandType.NewOrder: New(new NewSpecialOrder { Order = Command.As<NewOrder>(bytes) }); break;
            case CommandType.NewSpecialOrder: New(Command.As<NewSpecialOrder>(bytes)); break;
            case CommandType.ReplaceSpecialOrder: Replace(Command.As<ReplaceSpecialOrder>(bytes).Order, Command.As<ReplaceSpecialOrder>(bytes).Terms); break;
            case CommandType.DefineTrading: DefineTrading(Command.As<DefineTrading>(bytes)); break;
            case CommandType.DefineFees: Define(Command.As<DefineFees>(bytes)); break;
            case CommandType.DefineAccount: Define(Command.As<DefineAccount>(bytes)); break;
            case CommandType.SetCreditLine: SetLine(Command.As<SetCreditLine>(bytes)); break;
            case CommandType.CorrectTrade: Correct(Command.As<CorrectTrade>(bytes)); break;
            case CommandType.DefineLimits: Define(Command.As<DefineLimits>(bytes)); break;
            case CommandType.DefineSelfTrade: DefineSelfTrade(Command.As<DefineSelfTrade>(bytes)); break;
            case CommandType.SetPhase: SetPhase(Command.As<SetPhase>(bytes)); break;
            case CommandType.SetIndexPrice: SetIndex(Command.As<SetIndexPrice>(bytes)); break;
            case CommandType.Tick or CommandType.ContinueMargin: ContinueMargins(); break;
            case CommandType.DefineMarginAsset: Define(Command.As<DefineMarginAsset>(bytes)); break;
            case CommandType.DefineMarginAccount: Define(Command.As<DefineMarginAccount>(bytes)); break;
            case CommandType.DefineLiquidation: Define(Command.As<DefineLiquidation>(bytes)); break;
            case CommandType.DefineInsurance: Define(Command.As<DefineInsurance>(bytes)); break;
            case CommandType.ChargeInterest: Charge(Command.As<ChargeInterest>(bytes)); break;
            case CommandType.RefuseOrder: Refuse(Command.As<RefuseOrder>(bytes)); break;
            case CommandType.CancelOrder: Cancel(Command.As<CancelOrder>(bytes)); break;
            case CommandType.ReplaceOrder: Replace(Command.As<ReplaceOrder>(bytes), default); break;
            case CommandType.OrderStatus: Status(Command.As<OrderStatusRequest>(bytes)); break;
            case CommandType.MassCancel: Cancel(Command.As<MassCancel>(bytes)); break;
            case CommandType.MassStatus: Status(Command.As<MassStatus>(bytes)); break;
            case CommandType.ContinueWalk: Continue(Command.As<ContinueWalk>(bytes)); break;
            case CommandType.Connect: Connect(Command.As<Connect>(bytes)); break;
            case CommandType.Disconnect: Disconnect(Command.As<Disconnect>(bytes)); break;
            case CommandType.DefineQuoting: Define(Command.As<DefineQuoting>(bytes)); break;
            case CommandType.Quote: Take(Command.As<Quote>(bytes)); break;
            case CommandType.CancelQuotes: Cancel(Command.As<CancelQuotes>(bytes)); break;
            case CommandType.QuoteStatus: Status(Command.As<QuoteStatus>(bytes)); break;
            case CommandType.WatchRequests: Watch(Command.As<WatchRequests>(bytes)); break;
            case CommandType.RequestQuotes: Ask(Command.As<RequestQuotes>(bytes), 0, 16); break;
            case CommandType.RequestBestQuotes:
                var best = Command.As<RequestBestQuotes>(bytes);
                Ask(best.Request, best.WindowNs, best.AnswersMax);
                break;
            case CommandType.DeclineRequest: Decline(Command.As<DeclineRequest>(bytes)); break;
            case CommandType.DefineLastLook: Define(Command.As<DefineLastLook>(bytes)); break;
            case CommandType.AnswerHit: Answer(Command.As<AnswerHit>(bytes)); break;
            case CommandType.OfferQuote: Offer(Command.As<OfferQuote>(bytes)); break;
            case CommandType.TakeOffer: Hit(Command.As<TakeOffer>(bytes)); break;
            case CommandType.EndRequest: Pass(Command.As<EndRequest>(bytes)); break;
            case CommandType.ResetProtection: Reset(Command.As<ResetProtection>(bytes)); break;
            default: throw new InvalidOperationException($"{_command.Type}");
        }
        PullElsewhere();
    }

    /// <summary>Sound definitions only: unsound ones have tests of their own.</summary>
    private void Define(in DefineInstrument c)
    {
        if (!_instruments.TryGetValue(c.Instrument, out var instrument)) _instruments[c.Instrument] = instrument = new NaiveInstrument { Reference = c.ReferenceTicks, StaticCentre = c.ReferenceTicks };
        else if (c.ReferenceTicks != instrument.Definition.ReferenceTicks) instrument.Reference = instrument.StaticCentre = c.ReferenceTicks;
        instrument.Definition = c;
        instrument.HighestEver = Math.Max(instrument.HighestEver, c.MaxPriceTicks);
        log.Add(new InstrumentDefined { Header = Header<InstrumentDefined>(EventType.InstrumentDefined, 0, c.Instrument), Definition = c });
    }
}
