using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Venue.Engine;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Benchmarks.Engine;

/// <summary>The whole engine: sessions, ClOrdIDs, holds, fees, and every event copied to a ring as a gateway would get it.</summary>
internal sealed class EngineRun : IRun
{
    private const int Firms = 16;
    private const int ChunkMax = 8192;
    /// <summary>Commands that the engine is told of ahead, as a sequencer with a batch at hand would.</summary>
    private const int Ahead = VenueEngine<Events>.HintsAhead;

    /// <summary>Takes of each report what the yardstick's sink is told, and the levels besides.</summary>
    private sealed class Sink
    {
        public readonly AnswerRing Ring = new();
        public uint Maker;
        public uint Taker;
        public long Refused;
    }

    private readonly struct Events(Sink sink) : IEvents
    {
        private const byte Level = 10;

        public void On(in AssetDefined e) { }
        public void On(in InstrumentDefined e) { }
        public void On(in FirmDefined e) { }
        public void On(in SessionDefined e) { }
        public void On(in Credited e) { }
        public void On(in WithdrawalHeld e) { }
        public void On(in WithdrawalSettled e) { }
        public void On(in WithdrawalReleased e) { }
        public void On(in Killed e) { }
        public void On(in Refused e) => sink.Refused++;
        public void On(in CancelReject e) => sink.Refused++;
        public void On(in LevelChanged e) => sink.Ring.AddAnswer(Level, 0, e.Header.Instrument, (byte)e.Side, (int)e.PriceTicks, (uint)e.Lots);
        public void On(in MassCancelReport e) { }
        public void On(in MassStatusReport e) { }
        public void On(in SessionConnected e) { }
        public void On(in SessionDisconnected e) { }
        public void On(in MatchPrevented e) { }
        public void On(in TradingDefined e) { }
        public void On(in PhaseChanged e) { }
        public void On(in Indicative e) { }
        public void On(in SelfTradeDefined e) { }
        public void On(in OperationDone e) { }
        public void On(in QuotingDefined e) { }
        public void On(in QuoteReport e) { }
        public void On(in QuotesCanceled e) { }
        public void On(in QuoteStatusReport e) { }
        public void On(in ProtectionTripped e) { }
        public void On(in ProtectionReset e) { }
        public void On(in QuoteRequested e) { }
        public void On(in QuoteOffered e) { }
        public void On(in RequestEnded e) { }
        public void On(in OfferEnded e) { }
        public void On(in OfferHit e) { }
        public void On(in MarginChanged e) { }
        public void On(in MarginTransferred e) { }

        public void On(in ExecReport e)
        {
            var id = IDOf(in e.ClOrdID);
            if (e.ExecType != ExecType.Trade) sink.Ring.AddAnswer((byte)e.ExecType, id, e.Header.Instrument, (byte)e.Side, (int)e.PriceTicks, (uint)e.LeavesLots);
            else if (e.Liquidity == Liquidity.Added) sink.Maker = id;
            else sink.Taker = id;
            if (e.ExecType == ExecType.Rejected) sink.Refused++;
        }

        public void On(in Trade e) => sink.Ring.AddTrade(sink.Maker, sink.Taker, (int)e.PriceTicks, (uint)e.Lots);
    }

    private readonly CommandJournal? _journal;
    private readonly Flow _flow;
    private readonly FlowMessage[] _messages;
    private readonly Sink _sink;
    private readonly VenueEngine<Events> _engine;
    private readonly Text40[] _clOrdIDOf;
    private readonly byte[] _commands = new byte[ChunkMax * CommandSlot.Size];
    private readonly int[] _startOf = new int[ChunkMax + 1];
    private int _preparedFrom;
    private int _preparedTo;
    private long _seq;
    private int _lastID;

    /// <param name="flow">What will be run.</param>
    /// <param name="remembered">Orders, and twice as many ClOrdIDs, that are remembered.</param>
    /// <param name="isHuge">In huge pages, all made before; else page by page as they are touched.</param>
    /// <param name="isJournaled">Each command goes into a journal on the disk before it is applied, as the sequencer does it (async durability).</param>
    public EngineRun(Flow flow, int remembered, bool isHuge, bool isJournaled = false)
    {
        var orders = Math.Max(remembered, flow.MaxLive + 2);
        // Where nothing is ever canceled, the ids are those of the open orders.
        var capacity = new EngineCapacity { Orders = orders, ClOrdIDs = flow.AddsOnly ? orders + orders / 4 : 2 * orders, LevelPages = 1 << 16 };
        _journal = isJournaled ? new CommandJournal() : null;
        _flow = flow;
        _messages = flow.Messages.ToArray();
        _sink = new Sink();
        _engine = new VenueEngine<Events>(capacity, new Events(_sink));
        _clOrdIDOf = new Text40[flow.MaxID + 1];
        // Touched, so that what the flow's run adds to the process is the engine's.
        Array.Fill(_clOrdIDOf, Text40.From(" "));
        if (isHuge)
            foreach (var (address, bytes) in _engine.Memory)
                if (!HugePages.TryReserve(address, bytes)) Console.WriteLine("There are no huge pages here.");
        Define();
    }

    public long Trades => _sink.Ring.Trades;
    public ulong TradeHash => _sink.Ring.Hash;

    /// <summary>Writes the commands of a chunk; not timed, since the sequencer's ring would hold them already.</summary>
    public void Prepare(int from, int to)
    {
        (_preparedFrom, _preparedTo) = (from, to);
        for (var i = from; i < to; i++)
        {
            ref var m = ref _messages[i];
            var slot = _commands.AsSpan(_startOf[i - from]);
            var session = 1 + (int)(m.ID % Firms);
            var side = m.Side == 0 ? Side.Buy : Side.Sell;
            switch (m.Op)
            {
                case FlowOp.Cancel:
                    ref var cancel = ref Command.Begin<CancelOrder>(slot, CommandType.CancelOrder);
                    cancel.ClOrdID = NextClOrdID(m.ID);
                    cancel.OrigClOrdID = _clOrdIDOf[m.ID];
                    cancel.Instrument = m.Symbol + 1;
                    cancel.Side = side;
                    break;
                case FlowOp.Modify:
                    ref var replace = ref Command.Begin<ReplaceOrder>(slot, CommandType.ReplaceOrder);
                    replace.OrigClOrdID = _clOrdIDOf[m.ID];
                    replace.ClOrdID = _clOrdIDOf[m.ID] = NextClOrdID(m.ID);
                    replace.Instrument = m.Symbol + 1;
                    replace.Side = side;
                    replace.OrdType = OrdType.Limit;
                    replace.TimeInForce = TimeInForce.GoodTillCancel;
                    replace.PriceTicks = m.Ticks;
                    replace.Lots = _flow.TotalLots(i);
                    break;
                default:
                    ref var order = ref Command.Begin<NewOrder>(slot, CommandType.NewOrder);
                    order.ClOrdID = _clOrdIDOf[m.ID] = NextClOrdID(m.ID);
                    order.Instrument = m.Symbol + 1;
                    order.Side = side;
                    order.OrdType = OrdType.Limit;
                    order.TimeInForce = TimeInForce.GoodTillCancel;
                    order.PriceTicks = m.Ticks;
                    order.Lots = m.Lots;
                    break;
            }
            _startOf[i - from + 1] = _startOf[i - from] + Stamp(slot, session);
        }
    }

    public void Run(int from, int to)
    {
        if (_journal is not null)
        {
            RunJournaled(_journal, from, to);
            return;
        }
        var commands = _commands.AsSpan();
        var starts = _startOf.AsSpan(0, _preparedTo - _preparedFrom + 1);
        to -= _preparedFrom;
        for (var i = from - _preparedFrom; i < to; i++)
        {
            if (i + Ahead + 1 < starts.Length) _engine.Prefetch(commands[starts[i + Ahead]..starts[i + Ahead + 1]]);
            _engine.Apply(commands[starts[i]..starts[i + 1]]);
        }
    }

    public void Dispose() => _journal?.Dispose();

    private void RunJournaled(CommandJournal journal, int from, int to)
    {
        var commands = _commands.AsSpan();
        var starts = _startOf.AsSpan(0, _preparedTo - _preparedFrom + 1);
        to -= _preparedFrom;
        for (var i = from - _preparedFrom; i < to; i++)
        {
            if (i + Ahead + 1 < starts.Length) _engine.Prefetch(commands[starts[i + Ahead]..starts[i + Ahead + 1]]);
            var command = commands[starts[i]..starts[i + 1]];
            journal.Append(command);
            _engine.Apply(command);
        }
    }

    /// <summary>Throws when a command was refused or the engine's invariants do not hold.</summary>
    public void Check()
    {
        if (_sink.Refused > 0) throw new InvalidOperationException($"{_sink.Refused} commands were refused");
        _engine.CheckInvariants();
    }

    private int Stamp(Span<byte> slot, int session)
    {
        ref var header = ref Command.Header(slot);
        header.Seq = ++_seq;
        header.TimeNs = _seq;
        header.Session = session;
        return header.Length;
    }

    /// <summary>Four characters that say which order of the flow it is, and eight digits that no other request has.</summary>
    private Text40 NextClOrdID(uint order)
    {
        Span<byte> text = stackalloc byte[12];
        for (var i = 0; i < 4; i++) text[i] = (byte)('0' + (order >> (6 * i) & 63));
        if (!Utf8Formatter.TryFormat(++_lastID, text[4..], out _, new StandardFormat('D', 8)) || !Text40.TryFrom(text, out var id))
            throw new InvalidOperationException($"ClOrdID {_lastID} does not fit");
        return id;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint IDOf(in Text40 clOrdID)
    {
        var word = Unsafe.As<Text40, uint>(ref Unsafe.AsRef(in clOrdID)) - 0x30303030;
        return Bmi2.IsSupported ? Bmi2.ParallelBitExtract(word, 0x3F3F3F3F) : word & 0x3F | word >> 2 & 0xFC0 | word >> 4 & 0x3F000 | word >> 6 & 0xFC0000;
    }

    private void Define()
    {
        var slot = _commands.AsSpan();
        foreach (var (number, code) in new[] { (1, "USD"), (2, "X") })
        {
            ref var asset = ref Command.Begin<DefineAsset>(slot, CommandType.DefineAsset);
            (asset.Asset, asset.Decimals, asset.Code) = (number, 8, Text16.From(code));
            _engine.Apply(slot[..Stamp(slot, 0)]);
        }
        for (var number = 1; number <= _flow.Symbols; number++)
        {
            ref var c = ref Command.Begin<DefineInstrument>(slot, CommandType.DefineInstrument);
            (c.Instrument, c.BaseAsset, c.QuoteAsset, c.Symbol) = (number, 2, 1, Text16.From($"X{number}-USD"));
            (c.TickMantissa, c.TickDecimals, c.LotMantissa, c.LotDecimals) = (1, 2, 1, 4);
            (c.LotAtoms, c.TickLotAtoms, c.MakerFeePpm, c.TakerFeePpm) = (10_000, 100, 200, 500);
            (c.MinLots, c.MaxLots, c.MaxPriceTicks) = (1, 100_000, FlowBook.TicksEnd);
            _engine.Apply(slot[..Stamp(slot, 0)]);
        }
        for (var firm = 1; firm <= Firms; firm++)
        {
            ref var c = ref Command.Begin<DefineFirm>(slot, CommandType.DefineFirm);
            (c.Firm, c.Name) = (firm, Text40.From($"firm {firm}"));
            _engine.Apply(slot[..Stamp(slot, 0)]);
            ref var s = ref Command.Begin<DefineSession>(slot, CommandType.DefineSession);
            (s.DefinedSession, s.Firm, s.ClientCompID, s.VenueCompID) = (firm, firm, Text40.From($"client {firm}"), Text40.From("VENUE"));
            _engine.Apply(slot[..Stamp(slot, 0)]);
            for (var asset = 1; asset <= 2; asset++)
            {
                ref var credit = ref Command.Begin<Credit>(slot, CommandType.Credit);
                (credit.Firm, credit.Asset, credit.Amount, credit.Key) = (firm, asset, new Amount((Int128)1 << 100), Text40.From($"credit {firm} {asset}"));
                _engine.Apply(slot[..Stamp(slot, 0)]);
            }
        }
    }
}
