using System.Net;
using EndToEnd;

namespace Certification.Tests;

/// <summary>QuickFIX (C++) passes as a client without anybody at the screen, and a broken client fails each case that it breaks.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class ClientTests
{
    private static readonly TimeSpan NoPerson = TimeSpan.Zero;

    [TestCaseSource(nameof(Names))]
    public void The_QuickFIX_client_passes(string name)
    {
        using var client = new CertifiedClient(new IPEndPoint(IPAddress.Loopback, 0), "CLIENT1", "VENUE", Driver("{port}"), NoPerson, TextWriter.Null);
        var result = Scripts.Play(name, Role.Client, client);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass), () => Scripts.Text(result));
    }

    [TestCase("01-logon", "no answer to Logout", "expected Logout")]
    [TestCase("02-sequence-gap", "no ResendRequest", "expected ResendRequest")]
    [TestCase("03-resend", "resends without PossDupFlag", "PossDupFlag(43) must be Y, and is absent")]
    [TestCase("04-heartbeat", "no TestRequest", "expected TestRequest")]
    [TestCase("05-new", "another Price", "Price(44) must be 41000")]
    [TestCase("06-cancel", "another OrigClOrdID", "OrigClOrdID(41) must be")]
    [TestCase("07-replace", "the first OrigClOrdID for ever", "OrigClOrdID(41) must be")]
    [TestCase("08-partial-fill", "another OrderQty", "OrderQty(38) must be 0.5, and is 0.3")]
    [TestCase("09-reject", "one ClOrdID for all", "ClOrdID(11) must not be 1")]
    [TestCase("10-duplicate", "one ClOrdID for all", "ClOrdID(11) must not be 1")]
    [TestCase("11-recovery", "starts over after a disconnect", "MsgSeqNum(34) must be")]
    [TestCase("12-mass", "one order less", "nothing within")]
    public void A_broken_client_fails(string name, string mutant, string reason)
    {
        int logons = 0, orders = 0;
        string? first = null;
        byte[] Mutate(FixMessage m) => mutant switch
        {
            "no answer to Logout" when m.Type == "5" => MutatingProxy.Swallowed(m),
            "no ResendRequest" when m.Type == "2" => MutatingProxy.Swallowed(m),
            "resends without PossDupFlag" when m is { Type: "D", IsPossDup: true } => MutatingProxy.With(m, (43, ""), (122, "")),
            "no TestRequest" when m.Type == "1" => MutatingProxy.Swallowed(m),
            "another Price" when m.Type == "D" => MutatingProxy.With(m, (44, "1")),
            "another OrigClOrdID" when m.Type == "F" => MutatingProxy.With(m, (41, "x")),
            "the first OrigClOrdID for ever" when m.Type is "F" or "G" => MutatingProxy.With(m, (41, first ??= m.Find(41)!)),
            "another OrderQty" when m.Type == "G" => MutatingProxy.With(m, (38, "0.3")),
            "one ClOrdID for all" when m.Type == "D" => MutatingProxy.With(m, (11, "1")),
            "starts over after a disconnect" when m.Type == "A" && ++logons > 1 => MutatingProxy.With(m, (34, "1"), (141, "Y")),
            "one order less" when m.Type == "D" && ++orders == 100 => MutatingProxy.Swallowed(m),
            _ => m.Bytes,
        };
        var port = FreePort();
        using var proxy = new MutatingProxy(port, changesAnswers: false, Mutate);
        using var client = new CertifiedClient(new IPEndPoint(IPAddress.Loopback, port), "CLIENT1", "VENUE", Driver($"{proxy.Port}"), NoPerson, TextWriter.Null);
        var result = Scripts.Play(name, Role.Client, client);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail), () => Scripts.Text(result));
        Assert.That(result.Reason, Does.Contain(reason), "it failed for another reason than the one that was made");
    }

    [Test]
    public void A_driver_that_does_not_start_is_inconclusive()
    {
        using var client = new CertifiedClient(new IPEndPoint(IPAddress.Loopback, 0), "CLIENT1", "VENUE", ["no-such-program"], NoPerson, TextWriter.Null);
        Assert.That(Scripts.Play("01-logon", Role.Client, client).Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    private static IEnumerable<string> Names() => Scripts.Book.Cases.Select(c => c.Name);

    private static string[] Driver(string port) =>
    [
        .. Places.ClientCommand(ClientKind.QuickFix),
        "--host", "127.0.0.1", "--port", port, "--sender", "{session}", "--target", "{target}",
        "--store", "{store}", "--dictionary", Places.Dictionary, "--heartbeat", "2", "--reset", "N",
    ];

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
