using System.Globalization;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>One line on the terminal that says how far a replay is; nothing where no one looks.</summary>
internal static class Progress
{
    public static void Print(RecoveryProgress progress)
    {
        if (Console.IsErrorRedirected) return;
        var percent = progress.BytesTotal == 0 ? 100 : 100.0 * progress.BytesDone / progress.BytesTotal;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\rreplaying {percent,5:N1} %  {progress.BytesDone / 1048576.0:N0} of {progress.BytesTotal / 1048576.0:N0} MiB  {progress.Records:N0} records{(progress.BytesDone >= progress.BytesTotal ? "\n" : "")}"));
    }
}
