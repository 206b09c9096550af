using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Custody.Chains;
using Custody.Policy;
using Custody.Withdrawals;

namespace Custody.Keys;

/// <summary>What the signer can be asked.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(SignRequest), "sign")]
[JsonDerivedType(typeof(VoidRequest), "void")]
[JsonDerivedType(typeof(AddressesRequest), "addresses")]
[JsonDerivedType(typeof(NewAddressRequest), "new-address")]
[JsonDerivedType(typeof(HaltRequest), "halt")]
public abstract record SignerRequest;

/// <summary>Sign this transaction, which pays this intent, approved by these.</summary>
public sealed record SignRequest(ReadOnlyMemory<byte> Intent, IReadOnlyList<Approval> Approvals, UnsignedTransaction Transaction) : SignerRequest;

/// <summary>Never sign this intent, for this reason.</summary>
public sealed record VoidRequest(ReadOnlyMemory<byte> Intent, string Reason) : SignerRequest;

/// <summary>Which addresses are there.</summary>
public sealed record AddressesRequest : SignerRequest;

/// <summary>Make keys for an address.</summary>
public sealed record NewAddressRequest(string ChainID, string Group) : SignerRequest;

/// <summary>Stop signing.</summary>
public sealed record HaltRequest(string Reason) : SignerRequest;

/// <summary>What the signer answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(SignedReply), "signed")]
[JsonDerivedType(typeof(RefusedReply), "refused")]
[JsonDerivedType(typeof(VoidedReply), "voided")]
[JsonDerivedType(typeof(AddressesReply), "addresses")]
[JsonDerivedType(typeof(HaltedReply), "halted")]
[JsonDerivedType(typeof(FaultReply), "fault")]
public abstract record SignerReply;

/// <summary>For each digest of the transaction, in its order, the signatures.</summary>
public sealed record SignedReply(IReadOnlyList<IReadOnlyList<TransactionSignature>> Signatures) : SignerReply;

/// <summary>A rule refuses; nothing was signed by this request.</summary>
public sealed record RefusedReply(Refusal Refusal) : SignerReply;

/// <summary>No signature of this intent exists, and none ever will.</summary>
public sealed record VoidedReply : SignerReply;

/// <summary>Addresses with their keys.</summary>
public sealed record AddressesReply(IReadOnlyList<SignerAddress> Addresses) : SignerReply;

/// <summary>Nothing is signed any more.</summary>
public sealed record HaltedReply : SignerReply;

/// <summary>The request could not be understood, or the HSM could not be used; whether to ask again is for the caller to say.</summary>
public sealed record FaultReply(string Text) : SignerReply;

/// <summary>A request and the caller's token.</summary>
public sealed record SignerEnvelope(string Token, SignerRequest Request);

/// <summary>The wire between host and signer: a 4-byte big-endian length, then that many bytes of JSON. One reply to each request.</summary>
public static class SignerWire
{
    /// <summary>Longest message; a transaction with 100 inputs and the transactions before them is about 2 MiB.</summary>
    public const int BytesMax = 16 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
    };

    /// <summary>Writes one message.</summary>
    public static void Write<T>(Stream stream, T message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        if (body.Length > BytesMax) throw new InvalidDataException($"a message of {body.Length} bytes is longer than {BytesMax}");
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        stream.Write(frame);
        stream.Flush();
    }

    /// <summary>Reads one message; null at the end of the stream.</summary>
    public static T? Read<T>(Stream stream) where T : class
    {
        var length = new byte[4];
        var got = stream.ReadAtLeast(length, 4, throwOnEndOfStream: false);
        if (got == 0) return null;
        if (got < 4) throw new InvalidDataException("the stream ends within a message");
        var bytes = BinaryPrimitives.ReadInt32BigEndian(length);
        if (bytes is <= 0 or > BytesMax) throw new InvalidDataException($"a message says it has {bytes} bytes");
        var body = new byte[bytes];
        stream.ReadExactly(body);
        return Parse<T>(body);
    }

    /// <summary>Reads one message's JSON.</summary>
    public static T Parse<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new InvalidDataException("a message is null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"a message cannot be read: {e.Message}");
        }
    }

    /// <summary>The JSON of one message, for stores that keep it.</summary>
    public static string Text<T>(T message) => JsonSerializer.Serialize(message, Json);
}
