using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Custody.Host.Api;
using Custody.Withdrawals;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Custody.Host.Cli;

/// <summary>What people ask of a running custody, over the same API as everybody.</summary>
internal static class OperatorCommands
{
    private static readonly Option<string> Url = new("--url") { Description = "operator API of custody [CUSTODY_URL]", HelpName = "URL", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CUSTODY_URL") ?? "http://127.0.0.1:9883" };
    private static readonly Option<string> TokenFile = new("--token-file") { Description = "file with your token [CUSTODY_TOKEN_FILE]", HelpName = "FILE", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CUSTODY_TOKEN_FILE") ?? "data/custody/operator.token" };

    public static IEnumerable<Command> All() => [Withdrawals(), Request(), Approve(), Cancel(), Address(), Deposits(), Balances(), Reconcile(), Alarms(), Halt(), Resume(), KeyGen()];

    private static Command Withdrawals()
    {
        var open = new Option<bool>("--open") { Description = "only those to which something may still happen" };
        return Ask("withdrawals", "Lists withdrawals, the latest first.", [open], [], async (api, headers, result) =>
        {
            foreach (var w in (await api.ListWithdrawalsAsync(new ListRequest { OpenOnly = result.GetValue(open) }, headers)).Withdrawals) Print(w);
            return 0;
        });
    }

    private static Command Request()
    {
        var key = new Option<string>("--key") { Description = "your own key: asked twice, made once", Required = true };
        var firm = new Option<int>("--firm") { Description = "whose balance pays", Required = true };
        var chain = new Option<string>("--chain") { Description = "CAIP-2 network", Required = true };
        var asset = new Option<string>("--asset") { Description = "asset code", Required = true };
        var atoms = new Option<string>("--atoms") { Description = "amount in atoms", Required = true };
        var destination = new Option<string>("--to") { Description = "whitelisted address", Required = true };
        var feeMax = new Option<string>("--fee-max") { Description = "highest network fee, in atoms of the native asset", Required = true };
        var lifetime = new Option<long>("--lifetime") { Description = "seconds until it expires unsigned", DefaultValueFactory = _ => 3600 };
        return Ask("request", "Asks for a withdrawal.", [key, firm, chain, asset, atoms, destination, feeMax, lifetime], [], async (api, headers, result) =>
        {
            Print(await api.RequestWithdrawalAsync(new WithdrawalRequest
            {
                Key = result.GetValue(key),
                Firm = result.GetValue(firm),
                Chain = result.GetValue(chain),
                Asset = result.GetValue(asset),
                Atoms = result.GetValue(atoms),
                Destination = result.GetValue(destination),
                FeeMax = result.GetValue(feeMax),
                LifetimeSeconds = result.GetValue(lifetime),
            }, headers));
            return 0;
        });
    }

    private static Command Approve()
    {
        var key = new Option<FileInfo>("--key") { Description = "your approver's key, made by keygen", HelpName = "FILE", Required = true };
        var id = Nonce();
        return Ask("approve", "Shows what a withdrawal pays and signs it with your key. The signature is made here; the key goes nowhere.", [key], [id], async (api, headers, result) =>
        {
            var (name, seed) = ApproverKey.Read(result.GetValue(key)!.FullName);
            var state = await api.GetWithdrawalAsync(new WithdrawalID { Nonce = result.GetValue(id) }, headers);
            // What is signed is what is shown: the bytes that came, once they have been read.
            if (!WithdrawalIntent.TryParse(state.Intent.Span, out var intent) || intent.Nonce != state.Nonce) throw new InvalidDataException("custody sent an intent that cannot be read: not signed");
            Console.Write(System.Text.Encoding.ASCII.GetString(state.Intent.Span));
            var approval = Approval.Sign(name, seed, intent);
            Print(await api.ApproveAsync(new ApprovalRequest { Nonce = intent.Nonce, Approver = name, Signature = ByteString.CopyFrom(approval.Signature.Span) }, headers));
            return 0;
        });
    }

    private static Command Cancel()
    {
        var id = Nonce();
        return Ask("cancel", "Withdraws a withdrawal that the signer has not been given.", [], [id], async (api, headers, result) =>
        {
            Print(await api.CancelAsync(new WithdrawalID { Nonce = result.GetValue(id) }, headers));
            return 0;
        });
    }

    private static Command Address()
    {
        var chain = new Option<string>("--chain") { Description = "CAIP-2 network", Required = true };
        var firm = new Option<int>("--firm") { Description = "whose deposits; 0 for the house's treasury", Required = true };
        return Ask("address", "A firm's deposit address, made at the first call.", [chain, firm], [], async (api, headers, result) =>
        {
            Console.WriteLine((await api.DepositAddressAsync(new AddressRequest { Chain = result.GetValue(chain), Firm = result.GetValue(firm) }, headers)).Address);
            return 0;
        });
    }

    private static Command Deposits() => Ask("deposits", "Lists deposits, the highest block first.", [], [], async (api, headers, _) =>
    {
        foreach (var d in (await api.ListDepositsAsync(new ListRequest(), headers)).Deposits)
            Console.WriteLine($"{d.Key} firm {d.Firm} {d.Atoms} atoms {d.Asset} block {d.Height} {d.Status}");
        return 0;
    });

    private static Command Balances() => Ask("balances", "The ledger's accounts.", [], [], async (api, headers, _) =>
    {
        var reply = await api.BalancesAsync(new Nothing(), headers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"booked through venue seq {reply.VenueSeq}"));
        foreach (var b in reply.Balances) Console.WriteLine($"{b.Account} {b.Atoms}");
        return 0;
    });

    private static Command Reconcile() => Ask("reconcile", "Compares ledger, engine and chains. Exit code 1 when they do not agree.", [], [], async (api, headers, _) =>
    {
        var reply = await api.ReconcileAsync(new Nothing(), headers);
        foreach (var line in reply.Lines) Console.WriteLine(line);
        return reply.Agrees ? 0 : 1;
    });

    private static Command Alarms() => Ask("alarms", "What somebody has to look at.", [], [], async (api, headers, _) =>
    {
        var reply = await api.AlarmsAsync(new ListRequest(), headers);
        if (reply.HaltedBecause.Length > 0) Console.WriteLine($"withdrawals are stopped: {reply.HaltedBecause}");
        foreach (var a in reply.Alarms) Console.WriteLine($"{(a.Stands ? "STANDS" : "over  ")} {a.Tag} {a.Subject}: {a.Text}");
        return 0;
    });

    private static Command Halt()
    {
        var reason = new Argument<string>("reason") { Description = "why" };
        return Ask("halt", "Stops all withdrawals, here and in the signer.", [], [reason], async (api, headers, result) =>
        {
            await api.HaltAsync(new HaltRequest { Reason = result.GetValue(reason) }, headers);
            return 0;
        });
    }

    private static Command Resume() => Ask("resume", "Lets withdrawals go on here; 'signer resume' does so in the signer.", [], [], async (api, headers, _) =>
    {
        await api.ResumeAsync(new HaltRequest(), headers);
        return 0;
    });

    private static Command KeyGen()
    {
        var name = new Option<string>("--name") { Description = "approver's name, as in the policy", Required = true };
        var key = new Option<FileInfo>("--key") { Description = "file to make", HelpName = "FILE", Required = true };
        var command = new Command("keygen", "Makes an approver's key and prints its public half for the policies of custody and signer.") { name, key };
        command.SetAction(result =>
        {
            var seed = RandomNumberGenerator.GetBytes(32);
            ApproverKey.Write(result.GetValue(key)!.FullName, result.GetValue(name)!, seed);
            Console.WriteLine($"{{ \"name\": \"{result.GetValue(name)}\", \"public_key\": \"{Convert.ToHexStringLower(Approval.PublicKeyOf(seed))}\" }}");
            return 0;
        });
        return command;
    }

    private static Argument<string> Nonce() => new("id") { Description = "the withdrawal's nonce" };

    private static void Print(WithdrawalState w)
    {
        if (!WithdrawalIntent.TryParse(w.Intent.Span, out var intent)) throw new InvalidDataException($"custody sent an intent of {w.Nonce} that cannot be read");
        Console.WriteLine($"{w.Nonce} {w.Status} {intent.Amount.Atoms} atoms {intent.Asset} to {intent.Destination} firm {intent.Firm} approvals {w.Approvers.Count}/{w.ApprovalsRequired}"
            + (w.TxId.Length > 0 ? $" tx {w.TxId}" : "") + (w.Reason.Length > 0 ? $" ({w.Reason})" : ""));
    }

    private static Command Ask(string name, string help, Option[] options, Argument[] arguments, Func<Operator.OperatorClient, Metadata, ParseResult, Task<int>> ask)
    {
        var command = new Command(name, help) { Url, TokenFile };
        foreach (var option in options) command.Options.Add(option);
        foreach (var argument in arguments) command.Arguments.Add(argument);
        command.SetAction(async (result, cancel) =>
        {
            try
            {
                using var channel = GrpcChannel.ForAddress(result.GetValue(Url)!);
                var token = (await File.ReadAllTextAsync(result.GetValue(TokenFile)!, cancel)).Trim();
                return await ask(new Operator.OperatorClient(channel), new Metadata { { "authorization", $"Bearer {token}" } }, result);
            }
            catch (RpcException e)
            {
                Console.Error.WriteLine($"custody: {e.StatusCode}: {e.Status.Detail}");
                return 1;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"custody: {e.Message}");
                return 1;
            }
        });
        return command;
    }
}
