using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>OrderMassCancelRequest (q) and OrderMassStatusRequest (AF) to Commands.</summary>
/// <remarks>
/// Whose orders: the session's own; with a party of role 1 (executing firm) those of all the firm's sessions, with one of
/// role 36 (entering trader) those of the session with that CompID. The engine sees to it that it is the firm's own, unless
/// an operator asks; without a party an operator means the whole venue.
/// </remarks>
internal sealed class MassDecoder(Instruments instruments, Directory directory, ICommandSink commands)
{
    // PartyRole(452).
    private const int ExecutingFirm = 1;
    private const int EnteringTrader = 36;
    // BusinessRejectReason(380).
    private const int UnknownSecurity = 2;
    private const int NotAuthorized = 6;

    private static ReadOnlySpan<byte> NoSuchSymbol => "SYMBOL|Symbol(55) is not an instrument of this venue"u8;
    private static ReadOnlySpan<byte> NoSuchParty => "PARTY|PartyID(448) with PartyRole(452) is neither a firm (1) nor a session (36) here"u8;

    /// <summary>OrderMassCancelRequest (q). Taken however busy the venue is.</summary>
    public void Cancel(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 11, out var clOrdID, nowNs)) return;
        message.TryGetChar(530, out var type);
        // MassCancelRejectReason(532): 0 not supported, 1 unknown security, 99 other.
        if (type is not ((byte)'1' or (byte)'7')) MassReportEncoder.Refuse(client.Fix!, message, 0, "UNSUPPORTED|MassCancelRequestType(530) is 1 for one security or 7 for all"u8, nowNs);
        else if (!TryInstrument(message, type == (byte)'1', out var instrument)) MassReportEncoder.Refuse(client.Fix!, message, 1, NoSuchSymbol, nowNs);
        else if (!TryScope(client, message, out var scope, out var target)) MassReportEncoder.Refuse(client.Fix!, message, 99, NoSuchParty, nowNs);
        else
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<MassCancel>(slot, CommandType.MassCancel);
            c.Header.Session = client.Id;
            c.Header.MsgSeqNum = message.MsgSeqNum;
            c.ClOrdID = clOrdID;
            (c.Scope, c.Target, c.Instrument, c.Side, c.AsOperator) = (scope, target, instrument, SideOf(message), client.IsOperator ? (byte)1 : (byte)0);
            commands.Publish(slot[..c.Header.Length]);
        }
    }

    /// <summary>OrderMassStatusRequest (AF). FIX 4.4 has no refusal of its own for it.</summary>
    public void Status(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 584, out var requestID, nowNs)) return;
        message.TryGetInt(585, out var type);
        if (!TryInstrument(message, type == 1, out var instrument)) client.Fix!.BusinessReject(message, UnknownSecurity, requestID.Span, NoSuchSymbol, nowNs);
        else if (!TryScope(client, message, out var scope, out var target)) client.Fix!.BusinessReject(message, NotAuthorized, requestID.Span, NoSuchParty, nowNs);
        else
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<MassStatus>(slot, CommandType.MassStatus);
            c.Header.Session = client.Id;
            c.Header.MsgSeqNum = message.MsgSeqNum;
            c.RequestID = requestID;
            (c.Scope, c.Target, c.Instrument, c.Side, c.AsOperator) = (scope, target, instrument, SideOf(message), client.IsOperator ? (byte)1 : (byte)0);
            commands.Publish(slot[..c.Header.Length]);
        }
    }

    private bool TryInstrument(in Message message, bool isOne, out int instrument)
    {
        instrument = isOne && message.TryGet(55, out var symbol) ? instruments.Find(symbol)?.Id ?? 0 : 0;
        return !isOne || instrument != 0;
    }

    private bool TryScope(ClientSession client, in Message message, out MassScope scope, out int target)
    {
        (scope, target) = client.IsOperator ? (MassScope.Venue, 0) : (MassScope.Session, client.Id);
        foreach (var party in message.Groups(453))
        {
            if (!party.TryGet(448, out var id) || !party.TryGetInt(452, out var role)) return false;
            (scope, target) = role switch
            {
                ExecutingFirm => (MassScope.Firm, directory.FirmOf(id)),
                EnteringTrader => (MassScope.Session, directory.FindBeside(client, id)?.Id ?? 0),
                _ => default,
            };
            if (target == 0) return false;
        }
        return true;
    }

    private static Side SideOf(in Message message) => message.TryGetChar(54, out var side) ? (Side)(side - '0') : 0;
}
