using System.Globalization;
using Custody.Host.Api;
using Custody.Withdrawals;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace House.Demo;

/// <summary>The people at custody: one who asks, two who approve, one who looks after it all. Each uses a token or key of its own.</summary>
internal sealed class CustodyDesk(int port, string folder) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");

    private Operator.OperatorClient Api => new(_channel);

    /// <summary>A firm's deposit address; firm 0 is the treasury.</summary>
    public string AddressOf(string chain, int firm) => Ask("operator", o => Api.DepositAddress(new AddressRequest { Chain = chain, Firm = firm }, o)).Address;

    /// <summary>The deposit that a transaction made; null while custody has not seen it.</summary>
    public DepositState? Deposit(string txID) => Ask("viewer", o => Api.ListDeposits(new ListRequest { Limit = 1000 }, o)).Deposits.FirstOrDefault(d => d.Key.Contains(txID, StringComparison.OrdinalIgnoreCase));

    /// <summary>Asks for a withdrawal.</summary>
    public WithdrawalState Request(WithdrawalRequest request) => Ask("requester", o => Api.RequestWithdrawal(request, o));

    /// <summary>Where a withdrawal stands.</summary>
    public WithdrawalState Withdrawal(string nonce) => Ask("viewer", o => Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, o));

    /// <summary>One approver reads the intent, signs it with its own key, and hands it in.</summary>
    public WithdrawalState Approve(WithdrawalState withdrawal, string approver)
    {
        if (!WithdrawalIntent.TryParse(withdrawal.Intent.Span, out var intent)) throw new StoryException($"custody sent an intent of {withdrawal.Nonce} that cannot be read");
        var key = File.ReadAllText(Path.Combine(folder, "keys", approver + ".key")).Trim().Split(' ');
        var approval = Approval.Sign(approver, Convert.FromHexString(key[1]), intent);
        return Ask("requester", o => Api.Approve(new ApprovalRequest { Nonce = withdrawal.Nonce, Approver = approver, Signature = ByteString.CopyFrom(approval.Signature.Span) }, o));
    }

    /// <summary>The ledger's balance of an account, in atoms.</summary>
    public decimal Ledger(string account)
    {
        var text = Ask("viewer", o => Api.Balances(new Nothing(), o)).Balances.FirstOrDefault(b => b.Account == account)?.Atoms;
        return text is null ? 0 : decimal.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Ledger, engine and chains, compared now.</summary>
    public ReconcileReply Reconcile() => Ask("operator", o => Api.Reconcile(new Nothing(), o));

    /// <summary>What somebody has to look at.</summary>
    public AlarmList Alarms() => Ask("viewer", o => Api.Alarms(new ListRequest { OpenOnly = true }, o));

    public void Dispose() => _channel.Dispose();

    // A custody that is being started again is asked again; everything that is asked here can be repeated.
    private T Ask<T>(string role, Func<CallOptions, T> call)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        var token = File.ReadAllText(Path.Combine(folder, role + ".token")).Trim();
        while (true)
        {
            try
            {
                return call(new CallOptions(new Metadata { { "authorization", "Bearer " + token } }, DateTime.UtcNow.AddSeconds(20)));
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled && since.Elapsed < TimeSpan.FromSeconds(60))
            {
                Thread.Sleep(100);
            }
            catch (RpcException e)
            {
                throw new StoryException($"custody: {e.StatusCode}: {e.Status.Detail}");
            }
        }
    }
}
