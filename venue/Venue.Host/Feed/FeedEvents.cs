using System.Globalization;
using Google.Protobuf;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>One command's events as the feed tells them, and what became of a command that somebody waits for.</summary>
internal sealed class FeedCollector
{
    private readonly List<DefineInstrument> _instruments = [];
    private readonly List<int> _firmOfSession = [];
    private ExecReport _maker, _taker;
    private bool _hasMaker;
    private (ExecReport Buy, ExecReport Sell) _corrected;

    /// <summary>The feed's events of the command that is being applied.</summary>
    public Wire.EventBatch Batch { get; } = new();

    /// <summary>What screens are shown; null when there are none.</summary>
    public ScreenFeed? Screens { get; init; }

    /// <summary>Why the command was refused; None when it was taken.</summary>
    public Reason Refusal { get; private set; }

    /// <summary>Ready for the next command.</summary>
    public void Clear()
    {
        Batch.Events.Clear();
        Refusal = Reason.None;
        _hasMaker = false;
    }

    /// <summary>The command's events as the feed's log keeps them; null when it had none.</summary>
    public byte[]? Encode(long seq)
    {
        if (Batch.Events.Count == 0) return null;
        Batch.ThroughSeq = seq;
        return Batch.ToByteArray();
    }

    /// <summary>What had been defined when a snapshot was written.</summary>
    public void Know(Known known)
    {
        foreach (var definition in known.Instruments) Known.Put(_instruments, definition.Instrument, definition);
        foreach (var definition in known.Sessions) Known.Put(_firmOfSession, definition.DefinedSession, definition.Firm);
    }

    /// <summary>Tells all definitions again, as if they had been made by command <paramref name="seq"/>.</summary>
    public void Tell(Known known, long seq, long timeNs)
    {
        var header = new EventHeader { Seq = seq, TimeNs = timeNs };
        foreach (var definition in known.Assets) On(new AssetDefined { Header = Next(), Definition = definition });
        foreach (var definition in known.Instruments) On(new InstrumentDefined { Header = Next(), Definition = definition });
        foreach (var definition in known.Firms) On(new FirmDefined { Header = Next(), Definition = definition });
        foreach (var definition in known.Sessions) On(new SessionDefined { Header = Next(), Definition = definition });

        EventHeader Next() => header with { Index = Batch.Events.Count };
    }

    private Wire.Event Add(in EventHeader header)
    {
        var e = new Wire.Event { Seq = header.Seq, Index = header.Index, TimeNs = header.TimeNs };
        Batch.Events.Add(e);
        return e;
    }

    public void On(in AssetDefined e)
    {
        var d = e.Definition;
        Add(e.Header).AssetDefined = new Wire.AssetDefined { Asset = d.Asset, Code = d.Code.ToString(), Decimals = d.Decimals };
    }

    public void On(in InstrumentDefined e)
    {
        var d = e.Definition;
        Known.Put(_instruments, d.Instrument, d);
        Screens?.Changed(d.Instrument);
        Add(e.Header).InstrumentDefined = new Wire.InstrumentDefined
        {
            Instrument = d.Instrument,
            Symbol = d.Symbol.ToString(),
            BaseAsset = d.BaseAsset,
            QuoteAsset = d.QuoteAsset,
            TickMantissa = d.TickMantissa,
            TickDecimals = d.TickDecimals,
            LotMantissa = d.LotMantissa,
            LotDecimals = d.LotDecimals,
            LotAtoms = d.LotAtoms,
            TickLotAtoms = d.TickLotAtoms,
            MinLots = d.MinLots,
            MaxLots = d.MaxLots,
        };
    }

    public void On(in FirmDefined e) => Add(e.Header).FirmDefined = new Wire.FirmDefined { Firm = e.Definition.Firm, Name = e.Definition.Name.ToString() };

    public void On(in SessionDefined e)
    {
        var d = e.Definition;
        Known.Put(_firmOfSession, d.DefinedSession, d.Firm);
        Add(e.Header).SessionDefined = new Wire.SessionDefined
        {
            Session = d.DefinedSession,
            Firm = d.Firm,
            ClientCompId = d.ClientCompID.ToString(),
            VenueCompId = d.VenueCompID.ToString(),
        };
    }

    public void On(in Credited e)
    {
        var d = e.Definition;
        Add(e.Header).Credited = new Wire.Credited { Firm = d.Firm, Asset = d.Asset, Atoms = Atoms(d.Amount.Atoms), Key = d.Key.ToString() };
    }

    public void On(in WithdrawalHeld e)
    {
        var d = e.Withdrawal;
        Add(e.Header).WithdrawalHeld = new Wire.WithdrawalHeld { Firm = d.Firm, Asset = d.Asset, Atoms = Atoms(d.Amount.Atoms), Key = d.Key.ToString() };
    }

    public void On(in WithdrawalSettled e)
    {
        var d = e.Withdrawal;
        Add(e.Header).WithdrawalSettled = new Wire.WithdrawalSettled { Firm = d.Firm, Asset = d.Asset, Atoms = Atoms(d.Amount.Atoms), Key = d.Key.ToString() };
    }

    public void On(in WithdrawalReleased e)
    {
        var d = e.Withdrawal;
        Add(e.Header).WithdrawalReleased = new Wire.WithdrawalReleased { Firm = d.Firm, Asset = d.Asset, Atoms = Atoms(d.Amount.Atoms), Key = d.Key.ToString() };
    }

    public void On(in Killed e) =>
        Add(e.Header).Killed = new Wire.Killed { Scope = (Wire.KillScope)e.Switch.Scope, Target = e.Switch.Target, Engaged = e.Switch.Engaged != 0 };

    public void On(in Refused e) => Refusal = e.Reason;

    public void On(in ExecReport e)
    {
        // The engine tells a match as the maker's report, the taker's, then the public trade.
        if (e.ExecType is ExecType.TradeCorrect or ExecType.TradeCancel)
        {
            if (e.Side == Side.Buy) _corrected.Buy = e;
            else _corrected.Sell = e;
        }
        if (e.ExecType != ExecType.Trade) return;
        if (_hasMaker) _taker = e;
        else _maker = e;
        _hasMaker = !_hasMaker;
    }

    public void On(in LevelChanged e) => Screens?.Changed(e.Header.Instrument);

    public void On(in Trade e)
    {
        Screens?.On(e);
        ref readonly var buy = ref e.AggressorSide == Side.Buy ? ref _taker : ref _maker;
        ref readonly var sell = ref e.AggressorSide == Side.Buy ? ref _maker : ref _taker;
        var instrument = _instruments[e.Header.Instrument - 1];
        Add(e.Header).Fill = new Wire.Fill
        {
            Instrument = e.Header.Instrument,
            TradeId = e.TradeID,
            PriceTicks = e.PriceTicks,
            Lots = e.Lots,
            Buyer = SideOf(buy),
            Seller = SideOf(sell),
            BuyerIsAggressor = e.AggressorSide == Side.Buy,
            NotionalAtoms = Atoms((Int128)e.PriceTicks * e.Lots * instrument.TickLotAtoms),
            BaseAtoms = Atoms((Int128)e.Lots * instrument.LotAtoms),
        };
    }

    public void On(in PhaseChanged e)
    {
        Screens?.Changed(e.Header.Instrument);
        Add(e.Header).PhaseChanged = new Wire.PhaseChanged
        {
            Instrument = e.Header.Instrument,
            Phase = (Wire.Phase)e.Phase,
            Before = (Wire.Phase)e.Before,
            UntilNs = e.UntilNs,
        };
    }

    public void On(in MarginChanged e) => Add(e.Header).MarginChanged = new Wire.MarginChanged
    {
        Firm = e.Firm,
        State = (Wire.MarginState)e.State,
        Before = (Wire.MarginState)e.Before,
        EquityAtoms = Atoms(e.Equity.Atoms),
        DebtAtoms = Atoms(e.Debt.Atoms),
    };

    public void On(in MarginTransferred e) => Add(e.Header).MarginTransferred = new Wire.MarginTransferred
    {
        FromFirm = e.FromFirm,
        ToFirm = e.ToFirm,
        Asset = e.Asset,
        Atoms = Atoms(e.Amount.Atoms),
        IsInterest = e.IsInterest != 0,
    };

    public void On(in Indicative e)
    {
        Screens?.Changed(e.Header.Instrument);
        Add(e.Header).Indicative = new Wire.Indicative
        {
            Instrument = e.Header.Instrument,
            PriceTicks = e.PriceTicks,
            Lots = e.Lots,
            BuySurplusLots = e.BuySurplusLots,
            SellSurplusLots = e.SellSurplusLots,
        };
    }

    /// <summary>Of what operators do, a reader who books money needs the corrections; the reports before have the new fees.</summary>
    public void On(in OperationDone e)
    {
        if (Command.Header((ReadOnlySpan<byte>)e.Command).Type != CommandType.CorrectTrade) return;
        ref readonly var c = ref Command.As<CorrectTrade>(e.Command);
        var instrument = _instruments[c.Instrument - 1];
        Add(e.Header).TradeCorrected = new Wire.TradeCorrected
        {
            Instrument = c.Instrument,
            TradeId = c.TradeID,
            PriceTicks = c.PriceTicks,
            Lots = c.Lots,
            NewPriceTicks = c.NewPriceTicks,
            NewLots = c.NewLots,
            BuyerFirm = _firmOfSession[c.BuySession - 1],
            SellerFirm = _firmOfSession[c.SellSession - 1],
            BuyerFeeAtoms = Atoms(c.BuyFee.Atoms),
            SellerFeeAtoms = Atoms(c.SellFee.Atoms),
            NewBuyerFeeAtoms = Atoms(c.NewLots == 0 ? 0 : _corrected.Buy.Fee.Atoms),
            NewSellerFeeAtoms = Atoms(c.NewLots == 0 ? 0 : _corrected.Sell.Fee.Atoms),
            MoreNotionalAtoms = Atoms(((Int128)c.NewPriceTicks * c.NewLots - (Int128)c.PriceTicks * c.Lots) * instrument.TickLotAtoms),
            MoreBaseAtoms = Atoms((Int128)(c.NewLots - c.Lots) * instrument.LotAtoms),
            Buyer = SideOf(_corrected.Buy),
            Seller = SideOf(_corrected.Sell),
            BuyerUndoes = _corrected.Buy.OrigClOrdID.ToString(),
            SellerUndoes = _corrected.Sell.OrigClOrdID.ToString(),
        };
    }

    private Wire.FillSide SideOf(in ExecReport e) => new()
    {
        Firm = _firmOfSession[e.Header.Session - 1],
        Session = e.Header.Session,
        ClOrdId = e.ClOrdID.ToString(),
        OrderId = e.OrderID,
        ExecId = string.Create(CultureInfo.InvariantCulture, $"{e.Header.Seq}-{e.Header.Index}"),
        FeeAtoms = Atoms(e.Fee.Atoms),
    };

    private static string Atoms(Int128 atoms) => atoms.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Hands the replica engine's events to the collector; what the feed does not tell is dropped.</summary>
internal readonly struct FeedEvents(FeedCollector feed) : IEvents
{
    public void On(in AssetDefined e) => feed.On(e);
    public void On(in InstrumentDefined e) => feed.On(e);
    public void On(in FirmDefined e) => feed.On(e);
    public void On(in SessionDefined e) => feed.On(e);
    public void On(in Credited e) => feed.On(e);
    public void On(in WithdrawalHeld e) => feed.On(e);
    public void On(in WithdrawalSettled e) => feed.On(e);
    public void On(in WithdrawalReleased e) => feed.On(e);
    public void On(in Killed e) => feed.On(e);
    public void On(in Refused e) => feed.On(e);
    public void On(in ExecReport e) => feed.On(e);
    public void On(in CancelReject e)
    {
    }
    public void On(in Trade e) => feed.On(e);
    public void On(in LevelChanged e) => feed.On(e);
    public void On(in MatchPrevented e)
    {
    }
    public void On(in TradingDefined e)
    {
    }
    public void On(in PhaseChanged e) => feed.On(e);
    public void On(in Indicative e) => feed.On(e);
    public void On(in SelfTradeDefined e)
    {
    }
    public void On(in OperationDone e) => feed.On(e);
    public void On(in MarginChanged e) => feed.On(e);
    public void On(in MarginTransferred e) => feed.On(e);
    public void On(in MassCancelReport e)
    {
    }
    public void On(in MassStatusReport e)
    {
    }
    public void On(in SessionConnected e)
    {
    }
    public void On(in SessionDisconnected e)
    {
    }
    public void On(in QuotingDefined e)
    {
    }
    public void On(in QuoteReport e)
    {
    }
    public void On(in QuotesCanceled e)
    {
    }
    public void On(in QuoteStatusReport e)
    {
    }
    public void On(in ProtectionTripped e)
    {
    }
    public void On(in ProtectionReset e)
    {
    }
    public void On(in QuoteRequested e)
    {
    }
    public void On(in QuoteOffered e)
    {
    }
    public void On(in RequestEnded e)
    {
    }
    public void On(in OfferEnded e)
    {
    }
    public void On(in OfferHit e)
    {
    }
}
