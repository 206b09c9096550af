using Venue.Fix;

namespace Venue.Gateway;

/// <summary>UserRequest (BE) with UserRequestType(924) 5, answered with UserResponse (BF): the session's rate and its firm's, and what is left of them.</summary>
/// <remarks>
/// FIX 5.0 SP2 has the request, and the parameters in NoThrottles(1610) of the answer; both messages are of FIX 4.4. What is
/// used is not in any version: tags 8040 to 8045.
/// </remarks>
internal static class ThrottleReport
{
    /// <summary>How often a session may ask. It costs none of its rate, so that it can be asked when nothing is left of that.</summary>
    public static readonly RateLimit Rate = new() { PerSecond = 10, Burst = 10 };

    private const int LoggedIn = 1;   // UserStatus(926)
    private const int Reject = 2;     // ThrottleAction(1611)
    private const int Inbound = 0;    // ThrottleType(1612)
    private const int Seconds = 0;    // ThrottleTimeUnit(1615)

    /// <summary>Answers.</summary>
    public static void Answer(ClientSession client, in Message request, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("BF"u8, nowNs);
        if (request.TryGet(923, out var id)) w.Add(923, id);
        if (request.TryGet(553, out var user)) w.Add(553, user);
        w.Add(926, LoggedIn);
        var count = (client.Throttle is null ? 0 : 1) + (client.FirmThrottle is null ? 0 : 1);
        if (count == 0) w.Add(927, "No rate is set for this session or its firm"u8);
        else w.Add(1610, count);
        if (client.Throttle is { } own) Entry(ref w, (byte)'S', own, nowNs);
        if (client.FirmThrottle is { } firm) Entry(ref w, (byte)'F', firm, nowNs);
        client.Fix.End(keep: false);
    }

    private static void Entry(ref MessageWriter w, byte scope, Throttle throttle, long nowNs)
    {
        w.Add(1611, Reject);
        w.Add(1612, Inbound);
        w.Add(1613, throttle.Limit.PerSecond);
        w.Add(1614, 1);
        w.Add(1615, Seconds);
        w.Add(8040, scope);
        w.Add(8041, throttle.Limit.Burst);
        w.Add(8042, throttle.TokensAt(nowNs));
        w.Add(8043, throttle.RefusalsAt(nowNs));
        w.Add(8044, throttle.Limit.AbuseMax);
        w.Add(8045, (int)(throttle.Limit.BlockNs / 1_000_000_000));
    }
}
