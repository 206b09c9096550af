using Custody.Withdrawals;

namespace Custody.Host;

/// <summary>All that this process says about itself.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "feed: open after {Seq}")]
    public static partial void FeedUp(this ILogger log, long seq);

    [LoggerMessage(2, LogLevel.Warning, "feed: down: {Why}")]
    public static partial void FeedDown(this ILogger log, string why);

    [LoggerMessage(3, LogLevel.Warning, "{Chain}: {What} waits: {Why}")]
    public static partial void PartnerDown(this ILogger log, string chain, string what, string why);

    [LoggerMessage(4, LogLevel.Information, "{Chain}: {What} goes on")]
    public static partial void PartnerUp(this ILogger log, string chain, string what);

    [LoggerMessage(5, LogLevel.Warning, "{Chain}: {Count} blocks from {Height} on left the chain")]
    public static partial void BlocksLost(this ILogger log, string chain, int count, long height);

    [LoggerMessage(6, LogLevel.Information, "withdrawal {Nonce}: {From} -> {To} {Reason}")]
    public static partial void WithdrawalMoved(this ILogger log, string nonce, WithdrawalStatus from, WithdrawalStatus to, string reason);

    [LoggerMessage(7, LogLevel.Error, "ALARM {Tag} {Subject}: {Text}")]
    public static partial void AlarmRaised(this ILogger log, string tag, string subject, string text);

    [LoggerMessage(8, LogLevel.Information, "alarm over: {Tag} {Subject}")]
    public static partial void AlarmCleared(this ILogger log, string tag, string subject);

    [LoggerMessage(9, LogLevel.Critical, "stopped by a fault in {What}")]
    public static partial void Broken(this ILogger log, string what, Exception fault);
}
