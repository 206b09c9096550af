using System.Buffers.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>RequestForPositions (AN) answered with AO and PositionReports (AP), one for each instrument; CollateralInquiry (BB) with CollateralReports (BA), one for each asset.</summary>
/// <remarks>What is told is the engine's state when the request is read. Not kept for resend: it can be asked for again.</remarks>
internal sealed class AccountReports(Instruments instruments, Directory directory)
{
    private const int ExecutingFirm = 1;   // PartyRole(452)
    private const int NotAuthorized = 6;   // BusinessRejectReason(380)
    private static ReadOnlySpan<byte> NotYours => "RIGHTS|Account(1), or PartyID(448) with PartyRole(452) 1, names a firm that is not this session's"u8;

    /// <summary>Where the figures are.</summary>
    public IAccounts? Accounts { get; set; }

    /// <summary>RequestForPositions (AN).</summary>
    public void Positions(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(710, out var requestId);
        var isAllowed = TryFirm(client, message, out var firm);
        var positions = isAllowed ? PositionsOf(firm, message) : [];
        ref var w = ref client.Fix!.Begin("AO"u8, nowNs);
        AddReportID(ref w, 721, requestId, 0);
        w.Add(710, requestId);
        w.Add(727, positions.Count);
        // PosReqResult(728): 0 valid, 2 no positions found, 3 not authorized; PosReqStatus(729): 0 completed, 2 rejected.
        w.Add(728, !isAllowed ? 3 : positions.Count == 0 ? 2 : 0);
        w.Add(729, isAllowed ? 0 : 2);
        if (isAllowed) Account(ref w, firm);
        else w.Add(58, NotYours);
        client.Fix.End(keep: false);
        for (var i = 0; i < positions.Count; i++) Position(client.Fix, requestId, firm, (positions, i), nowNs);
    }

    /// <summary>CollateralInquiry (BB).</summary>
    public void Collateral(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(909, out var requestId);
        if (!TryFirm(client, message, out var firm))
        {
            client.Fix!.BusinessReject(message, NotAuthorized, requestId, NotYours, nowNs);
            return;
        }
        var assets = AssetsOf(firm, Code(message));
        for (var i = 0; i < Math.Max(1, assets.Count); i++)
        {
            ref var w = ref client.Fix!.Begin("BA"u8, nowNs);
            AddReportID(ref w, 908, requestId, i);
            w.Add(909, requestId);
            w.Add(910, assets.Count == 0 ? 0 : 3);   // CollStatus: 0 unassigned, 3 assigned
            w.Add(911, assets.Count);
            w.Add(912, i >= assets.Count - 1 ? (byte)'Y' : (byte)'N');
            Account(ref w, firm);
            if (assets.Count > 0)
            {
                var (asset, available, held) = assets[i];
                w.Add(15, asset.Code.Span);
                w.AddDecimal(899, available.Atoms, asset.Decimals);                    // MarginExcess: free
                w.AddDecimal(900, available.Atoms + held.Atoms, asset.Decimals);       // TotalNetValue
                w.AddDecimal(901, held.Atoms, asset.Decimals);                         // CashOutstanding: held
            }
            w.AddTime(60, nowNs);
            client.Fix.End(keep: false);
        }
    }

    /// <summary>The session's own firm, or the one that is named: an operator must name one.</summary>
    private bool TryFirm(ClientSession client, in Message message, out int firm)
    {
        firm = client.Firm;
        if (message.TryGet(1, out var account) && (firm = directory.FirmOf(account)) == 0) return false;
        foreach (var party in message.Groups(453))
            if (!party.TryGet(448, out var name) || !party.TryGetInt(452, out var role) || role != ExecutingFirm || (firm = directory.FirmOf(name)) == 0) return false;
        return firm != 0 && (client.IsOperator || firm == client.Firm);
    }

    private static ReadOnlySpan<byte> Code(in Message message) => message.TryGet(15, out var code) ? code : default;

    /// <summary>Assets of which the firm has anything, with what it has.</summary>
    private List<(DefineAsset Asset, Amount Available, Amount Held)> AssetsOf(int firm, ReadOnlySpan<byte> code)
    {
        var found = new List<(DefineAsset, Amount, Amount)>();
        foreach (var asset in instruments.Assets)
        {
            if (!code.IsEmpty && !code.SequenceEqual(asset.Code.Span)) continue;
            var (available, held) = Accounts!.Balance(firm, asset.Asset);
            if (available.Atoms != 0 || held.Atoms != 0) found.Add((asset, available, held));
        }
        return found;
    }

    /// <summary>Instruments on which the firm holds or has earned anything: all, or the one of Symbol(55).</summary>
    private List<(Instrument Instrument, long Lots, Int128 CostTickLots, Amount Realised)> PositionsOf(int firm, in Message message)
    {
        var found = new List<(Instrument, long, Int128, Amount)>();
        foreach (var instrument in instruments.All)
        {
            if (message.TryGet(55, out var symbol) && !symbol.SequenceEqual(instrument.Symbol)) continue;
            var (lots, cost, realised) = Accounts!.Position(firm, instrument.Id);
            if (lots != 0 || realised.Atoms != 0) found.Add((instrument, lots, cost, realised));
        }
        return found;
    }

    /// <summary>PositionReport (AP): what the engine holds for the firm, at which average cost, and what closing positions has earned.</summary>
    private void Position(Session fix, ReadOnlySpan<byte> requestId, int firm, (List<(Instrument Instrument, long Lots, Int128 CostTickLots, Amount Realised)> All, int At) which, long nowNs)
    {
        var (instrument, lots, cost, realised) = which.All[which.At];
        ref readonly var d = ref instrument.Terms;
        ref var w = ref fix.Begin("AP"u8, nowNs);
        AddReportID(ref w, 721, requestId, which.At + 1);
        w.Add(710, requestId);
        w.Add(724, 0);                 // PosReqType: positions
        w.Add(727, which.All.Count);
        w.Add(728, 0);
        Account(ref w, firm);
        w.Add(55, instrument.Symbol);
        w.Add(15, instrument.QuoteCode);
        if (lots != 0)
        {
            var (average, decimals) = instrument.Average((UInt128)cost, Math.Abs(lots));
            w.AddDecimal(6, average, decimals);
        }
        w.Add(702, 1);
        w.Add(703, "TOT"u8);           // PosType: total
        w.AddDecimal(lots >= 0 ? 704 : 705, (Int128)Math.Abs(lots) * d.LotMantissa, d.LotDecimals);
        w.Add(706, 0);                 // PosQtyStatus: submitted
        w.Add(753, 1);
        w.Add(707, "RPNL"u8);          // PosAmtType: realised profit and loss, a value of this venue's
        w.AddDecimal(708, realised.Atoms, instrument.QuoteDecimals);
        w.AddTime(60, nowNs);
        fix.End(keep: false);
    }

    private void Account(ref MessageWriter w, int firm)
    {
        w.Add(453, 1);
        w.Add(448, directory.NameOf(firm));
        w.Add(447, (byte)'D');
        w.Add(452, ExecutingFirm);
        w.Add(1, directory.NameOf(firm));
        w.Add(581, 1);                 // AccountType: carried on the customer side of the books
    }

    /// <summary>The request's name and a number.</summary>
    private static void AddReportID(ref MessageWriter w, int tag, ReadOnlySpan<byte> requestId, int number)
    {
        Span<byte> id = stackalloc byte[Math.Min(requestId.Length, 64) + 12];
        var length = Math.Min(requestId.Length, 64);
        requestId[..length].CopyTo(id);
        id[length++] = (byte)'-';
        Utf8Formatter.TryFormat(number, id[length..], out var digits);
        w.Add(tag, id[..(length + digits)]);
    }
}
