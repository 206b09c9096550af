using System.Collections.Concurrent;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>
/// Checks the proofs of Logons on a thread of its own, since a password's hash is slow on purpose, and reads
/// credentials.cfg again when it has changed.
/// </summary>
public sealed class LogonVerifier : IDisposable
{
    private const int WaitingMax = 64;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<PendingLogon> _waiting = new(WaitingMax);
    private readonly ConcurrentQueue<PendingLogon> _done = new();
    private readonly string _config;
    private readonly Action<string> _alarm;
    private readonly Thread _thread;
    private volatile Action? _wake;
    private IReadOnlyDictionary<string, IReadOnlyList<Credential>> _credentials;
    private DateTime _readAt;

    /// <summary>Starts the thread.</summary>
    /// <param name="config">Folder of credentials.cfg.</param>
    /// <param name="credentials">What it says now.</param>
    /// <param name="alarm">Told when a changed file cannot be used: the credentials before go on.</param>
    public LogonVerifier(string config, IReadOnlyDictionary<string, IReadOnlyList<Credential>> credentials, Action<string> alarm)
    {
        (_config, _credentials, _alarm) = (config, credentials, alarm);
        _readAt = WrittenAt();
        _thread = new Thread(Run) { IsBackground = true, Name = "logons", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Called on this thread when something is done: wakes the core.</summary>
    public Action? Wake
    {
        set => _wake = value;
    }

    /// <summary>Takes a Logon to be checked; false when too many wait.</summary>
    public bool TryBegin(PendingLogon logon) => _waiting.TryAdd(logon);

    /// <summary>One that was checked.</summary>
    public bool TryTake(out PendingLogon? logon) => _done.TryDequeue(out logon);

    private void Run()
    {
        while (!_waiting.IsCompleted)
        {
            var hasOne = _waiting.TryTake(out var logon, LookAgain);
            if (WrittenAt() != _readAt) ReadAgain();
            if (!hasOne) continue;
            logon!.IsProven = IsProven(logon);
            _done.Enqueue(logon);
            _wake?.Invoke();
        }
    }

    /// <summary>Every credential is tried whatever the others said, so that the time says nothing.</summary>
    private bool IsProven(PendingLogon logon)
    {
        var isProven = false;
        foreach (var credential in _credentials.GetValueOrDefault(logon.Client.ClientCompID) ?? [])
            // Who signs has no password to be hashed, and the other way round.
            if (credential.Kind == CredentialKind.Password != logon.Proof.IsSigned) isProven |= credential.IsProvenBy(logon.Proof);
        return isProven;
    }

    private void ReadAgain()
    {
        _readAt = WrittenAt();
        var faults = new List<string>();
        try
        {
            var credentials = CredentialsFile.Read(_config, faults);
            if (faults.Count == 0) _credentials = credentials;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(e.Message);
        }
        if (faults.Count > 0) _alarm($"credentials.cfg has changed and cannot be used, those before go on: {string.Join("; ", faults)}");
    }

    private DateTime WrittenAt() => File.GetLastWriteTimeUtc(CredentialsFile.PathIn(_config));

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }
}
