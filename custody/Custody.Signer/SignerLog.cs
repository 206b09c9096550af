using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Venue.Messages;

namespace Custody.Signer;

/// <summary>What the log records.</summary>
internal enum LogKind : byte
{
    /// <summary>A payment is about to be signed: its nonce belongs to this transaction from now on.</summary>
    Intended,

    /// <summary>Signatures exist and are about to leave.</summary>
    Signed,

    /// <summary>This nonce is never signed.</summary>
    Voided,

    /// <summary>Nothing is signed.</summary>
    Halted,

    /// <summary>Signing goes on.</summary>
    Resumed,
}

/// <summary>One line of the log. Fields that a kind does not have are left out.</summary>
internal sealed record LogEntry
{
    public required LogKind Kind { get; init; }
    public required long At { get; init; }
    public string? Nonce { get; init; }
    public string? ChainID { get; init; }
    public string? Asset { get; init; }
    public string? Atoms { get; init; }
    public string? Transaction { get; init; }
    public IReadOnlyList<SeenR>? Signatures { get; init; }
    public string? Reason { get; init; }
}

/// <summary>An r value and what was signed with it (SHA-256 of key and digest), both in hex.</summary>
internal sealed record SeenR(string R, string Signed);

/// <summary>
/// The signer's own memory: used nonces, what was paid when, every r. A file that only grows; each line carries the hash of
/// all before it, so that a line changed or taken out is found at the next start.
/// </summary>
/// <remarks>A line is written and synced before what it announces is done.</remarks>
internal sealed class SignerLog : IDisposable
{
    private const int HashChars = 64;
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly FileStream _file;
    private readonly List<LogEntry> _payments = [];
    private readonly Dictionary<string, LogEntry> _intended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _voided = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _signedByR = new(StringComparer.Ordinal);
    private byte[] _chain = new byte[32];

    /// <summary>Why nothing is signed; null while signing goes on.</summary>
    public string? HaltedBecause { get; private set; }

    /// <summary>Opens and reads the whole log. A torn last line, which announced nothing that was done, is cut off.</summary>
    public SignerLog(string path)
    {
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            Recover();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The transaction (SHA-256 of its bytes, hex) that a nonce belongs to; null when it is free.</summary>
    public string? TransactionOf(string nonce) => _intended.TryGetValue(nonce, out var entry) ? entry.Transaction : null;

    /// <summary>Signatures of this nonce exist.</summary>
    public bool IsSigned(string nonce) => _signed.Contains(nonce);

    /// <summary>When policy let this nonce pass, if signatures of it exist; seconds since 1970 UTC.</summary>
    public long? SignedAt(string nonce) => _signed.Contains(nonce) ? _intended[nonce].At : null;

    /// <summary>Why this nonce is never signed; null when it may be.</summary>
    public string? VoidedBecause(string nonce) => _voided.GetValueOrDefault(nonce);

    /// <summary>What an r value was used for before; null when it is new.</summary>
    public string? SignedWith(string r) => _signedByR.GetValueOrDefault(r);

    /// <summary>Paid of an asset since a time and before this nonce was first asked for; in atoms.</summary>
    public Amount SpentSince(string chainID, string asset, long since, string beforeNonce)
    {
        var sum = default(Amount);
        foreach (var entry in _payments)
        {
            if (entry.Nonce == beforeNonce) break;
            if (entry.At > since && entry.ChainID == chainID && entry.Asset == asset && !_voided.ContainsKey(entry.Nonce!))
                sum += new Amount(Int128.Parse(entry.Atoms!, CultureInfo.InvariantCulture));
        }
        return sum;
    }

    /// <summary>Writes a line and waits for the disk.</summary>
    public void Append(LogEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        var chain = Next(json);
        _file.Write([.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(chain)), (byte)' ', .. json, (byte)'\n']);
        _file.Flush(flushToDisk: true);
        _chain = chain;
        Apply(entry);
    }

    public void Dispose() => _file.Dispose();

    private void Recover()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var at = 0;
        for (var line = 1; at < bytes.Length; line++)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            if (length < 0) break;
            var text = bytes.AsSpan(at, length);
            if (length < HashChars + 2) throw new InvalidDataException($"{_file.Name}:{line}: too short, the log was changed");
            var json = text[(HashChars + 1)..];
            var chain = Next(json);
            if (!text[..HashChars].SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(chain))))
                throw new InvalidDataException($"{_file.Name}:{line}: does not follow from the lines before it, the log was changed");
            _chain = chain;
            Apply(JsonSerializer.Deserialize<LogEntry>(json, Json) ?? throw new InvalidDataException($"{_file.Name}:{line}: nothing there"));
            at += length + 1;
        }
        _file.SetLength(at);
        _file.Position = at;
    }

    private byte[] Next(ReadOnlySpan<byte> json) => SHA256.HashData([.. _chain, .. json]);

    private void Apply(LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogKind.Intended:
                _intended.Add(entry.Nonce!, entry);
                _payments.Add(entry);
                break;
            case LogKind.Signed:
                _signed.Add(entry.Nonce!);
                foreach (var seen in entry.Signatures!) _signedByR.TryAdd(seen.R, seen.Signed);
                break;
            case LogKind.Voided:
                _voided.TryAdd(entry.Nonce!, entry.Reason!);
                break;
            case LogKind.Halted:
                HaltedBecause = entry.Reason;
                break;
            case LogKind.Resumed:
                HaltedBecause = null;
                break;
            default:
                throw new InvalidDataException($"the log has a line of kind {entry.Kind}");
        }
    }
}
