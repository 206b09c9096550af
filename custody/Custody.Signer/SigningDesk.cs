using System.Globalization;
using System.Security.Cryptography;
using Custody.Chains;
using Custody.Keys;
using Custody.Policy;
using Custody.Signer.Hsm;
using Custody.Withdrawals;
using Net.Pkcs11Interop.Common;

namespace Custody.Signer;

/// <summary>
/// Answers requests: reads the intent, runs policy again on what it knows itself, compares the transaction byte by byte, and
/// only then asks the HSM. One request at a time.
/// </summary>
internal sealed class SigningDesk(PolicyTerms terms, IReadOnlyList<KeyRing> rings, SignerLog log, Func<long> now)
{
    private readonly Lock _lock = new();

    /// <summary>One request, one reply. What the HSM or the disk fails at is a fault, not a refusal: nothing is decided by it.</summary>
    public SignerReply Answer(SignerRequest request)
    {
        lock (_lock)
        {
            try
            {
                return request switch
                {
                    SignRequest sign => Sign(sign),
                    VoidRequest @void => Void(@void),
                    AddressesRequest => new AddressesReply([.. rings.SelectMany(r => r.Own.Values).OrderBy(a => a.ChainID, StringComparer.Ordinal).ThenBy(a => a.Group, StringComparer.Ordinal)]),
                    NewAddressRequest make => NewAddress(make),
                    HaltRequest halt => Halt(halt),
                    _ => new FaultReply("no such request"),
                };
            }
            catch (Exception e) when (e is Pkcs11Exception or IOException or InvalidDataException)
            {
                return new FaultReply(e.Message);
            }
        }
    }

    private SignerReply Sign(SignRequest request)
    {
        if (!WithdrawalIntent.TryParse(request.Intent.Span, out var intent)) return Refused("intent-malformed", "these are not the canonical bytes of an intent");
        if (RingOf(intent.ChainID) is not { } ring || request.Transaction.ChainID != intent.ChainID) return Refused(TransactionTags.ChainDiffers, $"intent for {intent.ChainID}, transaction for {request.Transaction.ChainID}");
        if (log.VoidedBecause(intent.Nonce) is { } voided) return Refused("intent-voided", voided);
        var transaction = Convert.ToHexStringLower(SHA256.HashData(request.Transaction.Raw.Span));
        var signed = log.TransactionOf(intent.Nonce);
        // Signed before, perhaps unheard: what was right then is given again, also after its expiry. No other transaction is.
        var at = log.SignedAt(intent.Nonce) ?? now();
        var refusal = Rules.Check(terms, new PolicyCase
        {
            Intent = intent,
            Now = at,
            Approvals = request.Approvals,
            SpentInDay = log.SpentSince(intent.ChainID, intent.Asset, at - Rules.WindowSeconds, intent.Nonce),
            IsNonceUsed = signed is not null && signed != transaction,
            IsDestinationOwn = ring.Check.NormalForm(intent.Destination) is { } destination && ring.Own.ContainsKey(destination),
            IsHalted = log.HaltedBecause is not null,
        }, PolicyStage.Quorum);
        if (refusal is not null) return new RefusedReply(refusal);
        var check = ring.Check.Check(request.Transaction, intent, ring.Own);
        if (check.Refusal is not null) return new RefusedReply(check.Refusal);

        // Durable before signed: a payment that we cannot remember is one that we could be asked for twice.
        if (signed is null)
            log.Append(new LogEntry
            {
                Kind = LogKind.Intended,
                At = at,
                Nonce = intent.Nonce,
                ChainID = intent.ChainID,
                Asset = intent.Asset,
                Atoms = intent.Amount.Atoms.ToString(CultureInfo.InvariantCulture),
                Transaction = transaction,
            });
        var signatures = check.Digests.Select(ring.Sign).ToArray();
        if (Reused(check.Digests, signatures, out var seen) is { } reused) return reused;
        log.Append(new LogEntry { Kind = LogKind.Signed, At = now(), Nonce = intent.Nonce, Signatures = seen });
        return new SignedReply(signatures);
    }

    // An r that comes twice gives the key away: the HSM's randomness is broken, so nothing may be signed any more.
    private RefusedReply? Reused(IReadOnlyList<Sighash> digests, IReadOnlyList<TransactionSignature>[] signatures, out List<SeenR> seen)
    {
        seen = [];
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < digests.Count; i++)
            foreach (var signature in signatures[i])
            {
                var r = Convert.ToHexStringLower(signature.RS.Span[..32]);
                var what = Convert.ToHexStringLower(SHA256.HashData([.. signature.PublicKey.Span, .. digests[i].Digest]));
                var before = log.SignedWith(r) ?? now.GetValueOrDefault(r);
                if (before is not null && before != what)
                {
                    Halt(new HaltRequest($"signature-r-reused: {r}"));
                    return Refused("signature-r-reused", r);
                }
                now[r] = what;
                seen.Add(new SeenR(r, what));
            }
        return null;
    }

    private SignerReply Void(VoidRequest request)
    {
        if (!WithdrawalIntent.TryParse(request.Intent.Span, out var intent)) return Refused("intent-malformed", "these are not the canonical bytes of an intent");
        if (log.IsSigned(intent.Nonce)) return Refused("intent-signed", $"{intent.Nonce}: a signature has been given");
        if (log.VoidedBecause(intent.Nonce) is null) log.Append(new LogEntry { Kind = LogKind.Voided, At = now(), Nonce = intent.Nonce, Reason = request.Reason });
        return new VoidedReply();
    }

    private SignerReply NewAddress(NewAddressRequest request)
    {
        if (RingOf(request.ChainID) is not { } ring) return new FaultReply($"{request.ChainID} is not a network here");
        if (request.Group.Length is 0 or > 32 || !request.Group.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            return new FaultReply($"'{request.Group}' is not a name of keys: lower-case letters, digits and hyphens, at most 32");
        return new AddressesReply([ring.Ensure(request.Group)]);
    }

    private HaltedReply Halt(HaltRequest request)
    {
        if (log.HaltedBecause is null) log.Append(new LogEntry { Kind = LogKind.Halted, At = now(), Reason = request.Reason });
        return new HaltedReply();
    }

    private KeyRing? RingOf(string chainID) => rings.FirstOrDefault(r => r.Check.ChainID == chainID);

    private static RefusedReply Refused(string tag, string text) => new(new Refusal(tag, text));
}
