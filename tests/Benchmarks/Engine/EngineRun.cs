using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>The whole engine: sessions, ClOrdIDs, holds, fees, and every event copied to a ring as a gateway would get it.</summary>
internal sealed class EngineRun : IRun
{
    private const int Firms = 16;
    private const int ChunkMax = 8192;
    /// <summary>Commands that the engine is told of ahead, as a sequencer with a batch at hand would.</summary>
    private const int Ahead = 4;

    /// <summary>Copies events and keeps the trade hash.</summary>
    private sealed class Sink(int slots)
    {
        public readonly byte[] Ring = new byte[(4096 + 1) * 256];
        public readonly uint[] IDOf = new uint[slots];
        public long Count;
        public long Trades;
        public ulong Hash = FlowHash.TradesStart;
        public uint Taker;
        public uint Maker;
        public long Refused;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Copy<T>(in T e) where T : unmanaged => MemoryMarshal.Write(Ring.AsSpan((int)(Count++ & 4095) * 256), in e);
    }

    private readonly struct Events(Sink sink) : IEvents
    {
        public void On(in AssetDefined e) => sink.Copy(in e);
        public void On(in InstrumentDefined e) => sink.Copy(in e);
        public void On(in FirmDefined e) => sink.Copy(in e);
        public void On(in SessionDefined e) => sink.Copy(in e);
        public void On(in Credited e) => sink.Copy(in e);
        public void On(in WithdrawalHeld e) => sink.Copy(in e);
        public void On(in WithdrawalSettled e) => sink.Copy(in e);
        public void On(in WithdrawalReleased e) => sink.Copy(in e);
        public void On(in Killed e) => sink.Copy(in e);
        public void On(in Refused e) => sink.Refused++;
        public void On(in CancelReject e) => sink.Refused++;
        public void On(in LevelChanged e) => sink.Copy(in e);
        public void On(in MatchPrevented e) => sink.Copy(in e);
        public void On(in TradingDefined e) => sink.Copy(in e);
        public void On(in PhaseChanged e) => sink.Copy(in e);
        public void On(in Indicative e) => sink.Copy(in e);
        public void On(in SelfTradeDefined e) => sink.Copy(in e);

        public void On(in ExecReport e)
        {
            sink.Copy(in e);
            if (e.ExecType == ExecType.New) sink.IDOf[(int)e.OrderID] = sink.Taker;
            else if (e.Liquidity == Liquidity.Added) sink.Maker = sink.IDOf[(int)e.OrderID];
            else if (e.ExecType == ExecType.Rejected) sink.Refused++;
        }

        public void On(in Trade e)
        {
            sink.Copy(in e);
            sink.Trades++;
            sink.Hash = FlowHash.Mix(sink.Hash, sink.Maker, sink.Taker, (int)e.PriceTicks, (uint)e.Lots);
        }
    }

    private readonly Flow _flow;
    private readonly FlowMessage[] _messages;
    private readonly Sink _sink;
    private readonly VenueEngine<Events> _engine;
    private readonly Text40[] _clOrdIDOf;
    private readonly byte[] _commands = new byte[ChunkMax * CommandSlot.Size];
    private readonly int[] _lengths = new int[ChunkMax];
    private long _seq;
    private long _lastID;

    public EngineRun(Flow flow, EngineCapacity capacity)
    {
        _flow = flow;
        _messages = flow.Messages.ToArray();
        _sink = new Sink(capacity.Orders + 1);
        _engine = new VenueEngine<Events>(capacity, new Events(_sink));
        _clOrdIDOf = new Text40[flow.MaxID + 1];
        Define();
    }

    public long Trades => _sink.Trades;
    public ulong TradeHash => _sink.Hash;

    /// <summary>Writes the commands of a chunk; not timed, since the sequencer's ring would hold them already.</summary>
    public void Prepare(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            ref var m = ref _messages[i];
            var slot = Slot(i - from);
            var session = 1 + (int)(m.ID % Firms);
            var side = m.Side == 0 ? Side.Buy : Side.Sell;
            switch (m.Op)
            {
                case FlowOp.Cancel:
                    ref var cancel = ref Command.Begin<CancelOrder>(slot, CommandType.CancelOrder);
                    cancel.ClOrdID = NextClOrdID();
                    cancel.OrigClOrdID = _clOrdIDOf[m.ID];
                    cancel.Instrument = m.Symbol + 1;
                    cancel.Side = side;
                    break;
                case FlowOp.Modify:
                    ref var replace = ref Command.Begin<ReplaceOrder>(slot, CommandType.ReplaceOrder);
                    replace.OrigClOrdID = _clOrdIDOf[m.ID];
                    replace.ClOrdID = _clOrdIDOf[m.ID] = NextClOrdID();
                    replace.Instrument = m.Symbol + 1;
                    replace.Side = side;
                    replace.OrdType = OrdType.Limit;
                    replace.TimeInForce = TimeInForce.GoodTillCancel;
                    replace.PriceTicks = m.Ticks;
                    replace.Lots = _flow.TotalLots(i);
                    break;
                default:
                    ref var order = ref Command.Begin<NewOrder>(slot, CommandType.NewOrder);
                    order.ClOrdID = _clOrdIDOf[m.ID] = NextClOrdID();
                    order.Instrument = m.Symbol + 1;
                    order.Side = side;
                    order.OrdType = OrdType.Limit;
                    order.TimeInForce = TimeInForce.GoodTillCancel;
                    order.PriceTicks = m.Ticks;
                    order.Lots = m.Lots;
                    break;
            }
            _lengths[i - from] = Stamp(slot, session);
        }
    }

    public void Run(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (i + Ahead < to) _engine.Prefetch(Slot(i + Ahead - from)[.._lengths[i + Ahead - from]]);
            _sink.Taker = _messages[i].ID;
            _engine.Apply(Slot(i - from)[.._lengths[i - from]]);
        }
    }

    /// <summary>Throws when a command was refused or the engine's invariants do not hold.</summary>
    public void Check()
    {
        if (_sink.Refused > 0) throw new InvalidOperationException($"{_sink.Refused} commands were refused");
        _engine.CheckInvariants();
    }

    private Span<byte> Slot(int index) => _commands.AsSpan(index * CommandSlot.Size, CommandSlot.Size);

    private int Stamp(Span<byte> slot, int session)
    {
        ref var header = ref Command.Header(slot);
        header.Seq = ++_seq;
        header.TimeNs = _seq;
        header.Session = session;
        return header.Length;
    }

    private Text40 NextClOrdID()
    {
        Span<byte> text = stackalloc byte[16];
        "ORD-0000"u8.CopyTo(text);
        if (!System.Buffers.Text.Utf8Formatter.TryFormat(++_lastID, text[4..], out var written, new System.Buffers.StandardFormat('D', 8)) || !Text40.TryFrom(text[..(4 + written)], out var id))
            throw new InvalidOperationException("A ClOrdID does not fit");
        return id;
    }

    private void Define()
    {
        var slot = Slot(0);
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
