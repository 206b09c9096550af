using System.Buffers.Text;
using Venue.Fix;

namespace Venue.Gateway;

/// <summary>What a Logon says to prove who sent it, copied out of the connection's buffer.</summary>
/// <remarks>Not held against the dictionary yet: any bytes between delimiters are taken as they are.</remarks>
public sealed class LogonProof
{
    private const byte Soh = 1;
    private readonly Dictionary<int, byte[]> _fields = [];

    private LogonProof(ReadOnlySpan<byte> logon)
    {
        for (var rest = logon; !rest.IsEmpty;)
        {
            var end = rest.IndexOf(Soh);
            var field = end < 0 ? rest : rest[..end];
            if (Utf8Parser.TryParse(field, out int tag, out var digits) && digits < field.Length && field[digits] == (byte)'=')
                _fields.TryAdd(tag, field[(digits + 1)..].ToArray());
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        Signed = [.. Field(52), Soh, .. Field(35), Soh, .. Field(34), Soh, .. Field(49), Soh, .. Field(56)];
        var raw = Field(96);
        var signature = new byte[raw.Length];
        Signature = Base64.DecodeFromUtf8(raw, signature, out var used, out var length) == System.Buffers.OperationStatus.Done && used == raw.Length ? signature[..length] : [];
    }

    /// <summary>Username(553).</summary>
    public byte[] Username => Field(553);

    /// <summary>Password(554).</summary>
    public byte[] Password => Field(554);

    /// <summary>RawData(96), which is base64 text; empty when it is not.</summary>
    public byte[] Signature { get; }

    /// <summary>What the signature is over: SendingTime(52), MsgType(35), MsgSeqNum(34), SenderCompID(49), TargetCompID(56), SOH between them.</summary>
    public byte[] Signed { get; }

    /// <summary>True when it has a signature and no password counts.</summary>
    public bool IsSigned => _fields.ContainsKey(96);

    /// <summary>Reads a whole message.</summary>
    public static LogonProof Read(ReadOnlySpan<byte> logon) => new(logon);

    /// <summary>SendingTime(52), nanoseconds since 1970-01-01 UTC; false when it is no time.</summary>
    public bool TryGetSendingTime(out long ns) => FieldText.TryTime(Field(52), out ns);

    private byte[] Field(int tag) => _fields.GetValueOrDefault(tag) ?? [];
}
