using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Venue.Api;

namespace EndToEnd;

/// <content>Who may call what: every method and every act with every token.</content>
public partial class OperatorTests
{
    private const string Callers = "nobody unknown feed custody bridge operator watch support trading risk treasury";

    // What may be called by whom: the roles of processes, then those of persons.
    private static readonly string[] Rights =
    [
        //                            nobody unknown feed custody bridge operator watch support trading risk treasury
        "Feed/Events                  -      -       yes  yes     yes    yes      -     -       -       -    -",
        "Operations/Credit            -      -       no   yes     no     no       -     -       -       -    -",
        "Operations/HoldWithdrawal    -      -       no   yes     no     no       -     -       -       -    -",
        "Operations/SettleWithdrawal  -      -       no   yes     no     no       -     -       -       -    -",
        "Operations/ReleaseWithdrawal -      -       no   yes     no     no       -     -       -       -    -",
        // Of its own firm; an empty request names none: The_bridge_stops_its_own_firm_and_nobody_else.
        "Operations/Kill              -      -       no   no      no     no       -     -       -       -    -",
        "Operations/SetIndexPrice     -      -       no   no      yes    no       -     -       -       -    -",
        "Operations/Balances          -      -       no   yes     yes    yes      -     -       -       -    -",
        "Operators/Act                -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Act/kill           -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/phase          -      -       -    -       -      -        no    no      yes     no   no",
        "Operators/Act/credit         -      -       -    -       -      -        no    no      no      no   yes",
        "Operators/Act/logout         -      -       -    -       -      -        no    yes     no      no   no",
        "Operators/Act/unblock        -      -       -    -       -      -        no    yes     no      no   no",
        "Operators/Act/rate           -      -       -    -       -      -        no    yes     no      no   no",
        "Operators/Act/message_log    -      -       -    -       -      -        no    yes     no      no   no",
        "Operators/Act/limits         -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/fees           -      -       -    -       -      -        no    no      no      no   yes",
        "Operators/Act/account        -      -       -    -       -      -        no    no      no      no   yes",
        "Operators/Act/credit_line    -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/trade          -      -       -    -       -      -        no    no      yes     no   no",
        "Operators/Act/index_price    -      -       -    -       -      -        no    no      yes     no   no",
        "Operators/Act/margin_asset   -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/margin_account -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/liquidation    -      -       -    -       -      -        no    no      no      yes  no",
        "Operators/Act/insurance      -      -       -    -       -      -        no    no      no      no   yes",
        "Operators/Act/interest       -      -       -    -       -      -        no    no      no      no   yes",
        "Operators/Approve            -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Drop               -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Waiting            -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Acts               -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Sessions           -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Markets            -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Providers          -      -       -    -       -      -        yes   yes     yes     yes  yes",
        "Operators/Accounts           -      -       -    -       -      -        yes   yes     yes     yes  yes",
    ];

    [Test]
    public async Task Every_method_is_for_its_callers_alone()
    {
        var callers = Callers.Split(' ');
        var tokens = callers.ToDictionary(c => c, c => c switch
        {
            "nobody" => null,
            "unknown" => new string('0', 64),
            "feed" or "custody" or "bridge" or "operator" => _floor.Venue.Token(c),
            _ => Hire("only-" + c, c),
        });
        var found = new List<string>();
        foreach (var method in VenueReflection.Descriptor.Services.Concat(OperatorsReflection.Descriptor.Services).SelectMany(s => s.Methods))
        {
            var name = $"{method.Service.Name}/{method.Name}";
            found.Add(await Row(name, method, []));
            if (method.InputType != ActRequest.Descriptor) continue;
            foreach (var act in ActRequest.Descriptor.Oneofs[0].Fields)
            {
                var request = new ActRequest { Reason = "why" };
                act.Accessor.SetValue(request, act.MessageType.Parser.ParseFrom([]));
                found.Add(await Row($"{name}/{act.Name}", method, request.ToByteArray()));
            }
        }
        Assert.That(found, Is.EquivalentTo(Rights.Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));

        async Task<string> Row(string name, MethodDescriptor method, byte[] request)
        {
            var row = name;
            foreach (var caller in callers)
                row += await Call(method, request, tokens[caller]) switch { StatusCode.Unauthenticated => " -", StatusCode.PermissionDenied => " no", _ => " yes" };
            return row;
        }
    }

    /// <summary>How a call with these bytes ends; a stream that has not ended after a second was let in.</summary>
    private async Task<StatusCode> Call(MethodDescriptor descriptor, byte[] request, string? token)
    {
        var bytes = Marshallers.Create(b => b, b => b);
        var method = new Method<byte[], byte[]>(descriptor.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary, descriptor.Service.FullName, descriptor.Name, bytes, bytes);
        var options = new CallOptions(token is null ? [] : As(token), DateTime.UtcNow.AddSeconds(descriptor.IsServerStreaming ? 1 : 10));
        try
        {
            var invoker = _channel.CreateCallInvoker();
            if (!descriptor.IsServerStreaming) await invoker.AsyncUnaryCall(method, null, options, request);
            else
            {
                using var call = invoker.AsyncServerStreamingCall(method, null, options, request);
                await call.ResponseStream.MoveNext(default);
            }
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
