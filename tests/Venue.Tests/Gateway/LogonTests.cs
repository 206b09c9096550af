using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Venue.Gateway;
using Venue.Host;

namespace Venue.Tests.Gateway;

/// <summary>Logons that must prove who sent them.</summary>
public class LogonTests
{
    private const long SecondNs = 1_000_000_000;
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
    private static readonly Ed25519PrivateKeyParameters Private = new(Secret, 0);
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(profiles: new Dictionary<string, SessionProfile> { ["CLIENT1"] = new() { IsAuthenticated = true } });

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static Credential Password(string password, string username = "alice") =>
        Credential.TryPassword(username, Credential.HashOf(password, Salt, 10_000), out var credential, out var fault) ? credential : throw new ArgumentException(fault);

    private static Credential Key(CredentialKind kind, byte[] key) =>
        Credential.TryKey(kind, "", Convert.ToBase64String(key), out var credential, out var fault) ? credential : throw new ArgumentException(fault);

    private string Signed(Func<byte[], byte[]> sign, int number = 1, long agoNs = 0)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((_venue.NowNs - agoNs) / 1_000_000).ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(sign(Encoding.ASCII.GetBytes($"{time}\u0001A\u0001{number}\u0001CLIENT1\u0001VENUE")));
        return $"95={signature.Length}|96={signature}";
    }

    private static byte[] Hmac(byte[] bytes) => HMACSHA256.HashData(Secret, bytes);

    private static byte[] Ed25519(byte[] bytes)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, Private);
        signer.BlockUpdate(bytes, 0, bytes.Length);
        return signer.GenerateSignature();
    }

    [TestCase("553=alice|554=right", "35=A")]
    [TestCase("553=alice|554=wrong", "35=5")]
    [TestCase("553=bob|554=right", "35=5")]
    [TestCase("554=right", "35=5")]
    [TestCase("", "35=5")]
    public void A_password_is_right_or_the_logon_is_refused_without_a_reason(string proof, string answer)
    {
        var peer = _venue.Connect("CLIENT1").Logon(proof);
        Assert.That(peer.Inbox(), Is.Empty, "nothing before the proof was checked");
        _venue.CheckLogons(Password("right"));
        var told = peer.Inbox().Single();
        Assert.That(told, Does.StartWith(answer));
        if (answer == "35=A") return;
        Assert.That(told, Does.EndWith("|58=Logon refused"));
        Assert.That(peer.Connection.CloseReason, Is.EqualTo("refused as CLIENT1: its proof is wrong"));
    }

    [TestCase("CLIENT1", "553=alice|554=wrong", "58=Logon refused")]
    [TestCase("CLIENT2", "108=9999", "58=HeartBtInt(108) must be 1 to 300")]
    [TestCase("CLIENT2", "7928=-1", "58=SelfTradeGroup(7928) of a Logon must be above 0")]
    [TestCase("CLIENT2", "8001=X", "58=Value is incorrect (out of range) for this tag: SelfTradeDefault(8001)")]
    public void A_refused_logon_leaves_its_session_free_before_its_socket_is_closed(string compID, string wrong, string told)
    {
        var refused = _venue.Connect(compID, "203.0.113.9:5000").Send($"35=A|98=0|{(wrong.StartsWith("108", StringComparison.Ordinal) ? "" : "108=30|")}{wrong}");
        _venue.CheckLogons(Password("right"));
        Assert.That(refused.Connection.CloseReason, Is.Not.Null);
        Assert.That(refused.Connection.ClientCompID, Is.EqualTo(compID));

        var good = _venue.Connect(compID, "192.0.2.1:5000").Logon("553=alice|554=right");
        _venue.CheckLogons(Password("right"));
        Assert.That(good.Inbox().Single(), Does.StartWith("35=A|34=2"), "after the Logout that refused the other");
        Assert.That(refused.Inbox().Single(), Does.StartWith("35=5|34=1").And.EndsWith("|" + told), "it is still told");

        refused.Drop();
        good.Order("a", "buy", "1", "50000");
        Assert.That(good.Inbox().Single(), Does.Contain("|39=0|"), "and its end is nobody else's");
    }

    [Test]
    public void Two_credentials_are_valid_at_a_time()
    {
        foreach (var password in new[] { "old", "new" })
        {
            var peer = _venue.Connect("CLIENT1").Logon($"141=Y|553=alice|554={password}");
            _venue.CheckLogons(Password("old"), Password("new"));
            Assert.That(peer.Inbox().Single(), Does.StartWith("35=A"));
            peer.Drop();
        }
    }

    [TestCase(CredentialKind.HmacSha256), TestCase(CredentialKind.Ed25519)]
    public void A_signature_is_good_for_one_logon(CredentialKind kind)
    {
        var credential = Key(kind, kind == CredentialKind.HmacSha256 ? Secret : Private.GeneratePublicKey().GetEncoded());
        var proof = Signed(kind == CredentialKind.HmacSha256 ? Hmac : Ed25519);
        var peer = _venue.Connect("CLIENT1").Logon(proof);
        _venue.CheckLogons(credential);
        Assert.That(peer.Inbox().Single(), Does.StartWith("35=A"));
        peer.Drop();
        var replayed = _venue.Connect("CLIENT1").Logon(proof);
        _venue.CheckLogons(credential);
        Assert.That(replayed.Connection.CloseReason, Does.EndWith("its signature was used before"));
    }

    [TestCase(4, true), TestCase(6, false), TestCase(-6, false)]
    public void A_signature_is_good_for_five_seconds(int agoSeconds, bool isGood)
    {
        var nowNs = _venue.NowNs;
        var peer = _venue.Connect("CLIENT1");
        var logon = "35=A|98=0|108=30|" + Signed(Hmac, agoNs: agoSeconds * SecondNs);
        _venue.NowNs -= agoSeconds * SecondNs;
        var bytes = peer.Encode(logon);
        _venue.NowNs = nowNs;
        peer.Bytes(bytes);
        _venue.CheckLogons(Key(CredentialKind.HmacSha256, Secret));
        Assert.That(peer.Inbox().Single(), Does.StartWith(isGood ? "35=A" : "35=5"));
    }

    [Test]
    public void A_signature_over_something_else_is_wrong()
    {
        var peer = _venue.Connect("CLIENT1").Logon(Signed(Hmac, number: 2));
        _venue.CheckLogons(Key(CredentialKind.HmacSha256, Secret));
        Assert.That(peer.Inbox().Single(), Does.StartWith("35=5"));
    }

    [Test]
    public void Five_failures_lock_an_address_out_and_raise_an_alarm()
    {
        for (var i = 0; i < 5; i++)
        {
            _venue.Connect("CLIENT1", "203.0.113.9:" + (5000 + i)).Logon("141=Y|553=alice|554=guess");
            _venue.CheckLogons(Password("right"));
            Drop();
        }
        Assert.That(_venue.Alarms.Single(), Does.StartWith("CLIENT1 from 203.0.113.9 is locked out for 60 s after 5 failed logons"));
        var sixth = _venue.Connect("CLIENT1", "203.0.113.9:5009").Logon("553=alice|554=right");
        Assert.That(sixth.Connection.CloseReason, Is.EqualTo("locked out as CLIENT1"));
        Assert.That(sixth.Inbox(), Is.Empty);

        var elsewhere = _venue.Connect("CLIENT1", "192.0.2.1:5000").Logon("141=Y|553=alice|554=right");
        _venue.CheckLogons(Password("right"));
        Assert.That(elsewhere.Inbox().Single(), Does.StartWith("35=A"), "the client itself comes from somewhere else");
        elsewhere.Drop();

        _venue.NowNs += 61 * SecondNs;
        var later = _venue.Connect("CLIENT1", "203.0.113.9:5010").Logon("141=Y|553=alice|554=right");
        _venue.CheckLogons(Password("right"));
        Assert.That(later.Inbox().Single(), Does.StartWith("35=A"));

        void Drop()
        {
            if (_venue.Core.Gateway.Clients[0].Connection is { } connection) _venue.Core.Gateway.Closed(connection, "test", _venue.NowNs);
        }
    }

    [Test]
    public void A_connection_that_ends_while_its_proof_is_checked_is_forgotten()
    {
        var peer = _venue.Connect("CLIENT1").Logon("553=alice|554=right");
        peer.Drop();
        _venue.CheckLogons(Password("right"));
        Assert.That(_venue.Core.Gateway.Clients[0].Connection, Is.Null);
        Assert.That(_venue.Core.Gateway.Anonymous, Is.Zero);
    }

    [Test]
    public void Too_many_logons_at_once_are_turned_away()
    {
        _venue.Logons.Max = 2;
        var peers = Enumerable.Range(0, 3).Select(_ => _venue.Connect("CLIENT1").Logon("553=alice|554=x")).ToArray();
        Assert.That(peers.Select(p => p.Connection.CloseReason), Is.EqualTo(new[] { null, null, "too many logons are being checked" }));
    }

    [Test]
    public void Who_guesses_faster_than_is_looked_at_does_not_fill_the_queue()
    {
        var peers = Enumerable.Range(0, 20).Select(i => _venue.Connect("CLIENT1", $"10.0.0.1:{i}").Logon("553=alice|554=x")).ToArray();
        Assert.That((_venue.Logons.Waiting.Count, peers.Count(p => p.Connection.CloseReason == "too many logons of it are being checked")), Is.EqualTo((5, 15)));
        Assert.That(_venue.Connect("CLIENT1", "10.0.0.2:1").Logon("553=alice|554=right|141=Y").Connection.CloseReason, Is.Null, "another address is not kept out");
        Assert.That(_venue.Logons.Waiting, Has.Count.EqualTo(6));
        _venue.CheckLogons(Password("wrong"));
        if (_venue.Core.Gateway.Clients[0].Connection is { } connection) _venue.Core.Gateway.Closed(connection, "test", _venue.NowNs);
        _venue.NowNs += 61_000_000_000;
        Assert.That(_venue.Connect("CLIENT1", "10.0.0.1:99").Logon("553=alice|554=x").Connection.CloseReason, Is.Null, "places are given back");
    }

    [TestCase("Password=secret", "Password is not pbkdf2-sha256")]
    [TestCase("Password=pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8=", "1000 rounds")]
    [TestCase("HmacSha256=c2hvcnQ=", "HmacSha256 is not the base64 of a secret of at least 16 bytes")]
    [TestCase("Ed25519=c2hvcnQ=", "Ed25519 is not the base64 of an Ed25519 public key")]
    [TestCase("Username=x", "has 0 of Password, HmacSha256, Ed25519")]
    [TestCase("Pasword=x\nHmacSha256=AAECAwQFBgcICQoLDA0ODw==", "'Pasword' is not a setting")]
    public void A_credential_that_cannot_be_is_a_fault(string settings, string expected)
    {
        using var file = new CredentialsFolder();
        file.Write($"[CREDENTIAL]\nTargetCompID=CLIENT1\n{settings}\n");
        var faults = new List<string>();
        CredentialsFile.Read(file.Path, faults);
        Assert.That(faults, Has.Exactly(1).Contains(expected));
        Assert.That(string.Concat(faults), Does.Not.Contain("secret").Or.Contain("of a secret"));
    }

    [Test]
    public void A_file_that_others_can_read_and_a_third_credential_are_faults()
    {
        using var file = new CredentialsFolder();
        file.Write(string.Concat(Enumerable.Repeat("[CREDENTIAL]\nTargetCompID=CLIENT1\nHmacSha256=AAECAwQFBgcICQoLDA0ODw==\n", 3)));
        Mode(CredentialsFile.PathIn(file.Path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var faults = new List<string>();
        CredentialsFile.Read(file.Path, faults);
        Assert.That(faults, Has.Count.EqualTo(2).And.Some.Contains("chmod 600").And.Some.Contains("more than 2 credentials"));
    }

    [Test]
    public void A_changed_file_counts_without_a_restart_and_a_faulty_one_does_not()
    {
        using var file = new CredentialsFolder();
        file.Write("");
        var alarms = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var verifier = new LogonVerifier(file.Path, CredentialsFile.Read(file.Path, []), alarms.Enqueue);
        Assert.That(IsTaken(), Is.False);
        file.Write($"[CREDENTIAL]\nTargetCompID=CLIENT1\nHmacSha256={Convert.ToBase64String(Secret)}\n");
        Assert.That(IsTaken, Is.True.After(5000, 50));
        file.Write("[CREDENTIAL]\nTargetCompID=CLIENT1\nHmacSha256=x\n");
        Assert.That(() => alarms.IsEmpty, Is.False.After(5000, 50));
        Assert.That(alarms, Has.One.Contains("those before go on"));
        Assert.That(IsTaken(), Is.True);

        bool IsTaken()
        {
            var peer = _venue.Connect("CLIENT1").Logon(Signed(Hmac));
            var logon = _venue.Logons.Waiting.Dequeue();
            peer.Drop();
            Assert.That(verifier.TryBegin(logon), Is.True);
            PendingLogon? done = null;
            Assert.That(() => verifier.TryTake(out done), Is.True.After(5000, 10));
            return done!.IsProven;
        }
    }

    private static void Mode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(path, mode);
    }

    private sealed class CredentialsFolder : IDisposable
    {
        private DateTime _time = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

        public string Path { get; } = Directory.CreateTempSubdirectory("venue-credentials-").FullName;

        public void Write(string text)
        {
            var path = CredentialsFile.PathIn(Path);
            File.WriteAllText(path, text);
            Mode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetLastWriteTimeUtc(path, _time = _time.AddSeconds(1));
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
