using Grpc.Core;
using Grpc.Net.Client;
using LiquidityBridge.Exchanges;
using Venue.Api;

namespace LiquidityBridge.Host;

/// <summary>Tells the venue the newest index price of each instrument, again until it has taken it or a newer one is there.</summary>
public sealed class VenueIndex : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    private readonly GrpcChannel _channel;
    private readonly Operations.OperationsClient _client;
    private readonly Metadata _headers;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _some = new(0);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _ticks = [];
    private readonly Backoff _backoff = new();
    private DateTime _loggedAt;
    private Task? _loop;

    /// <summary>Nothing is told before <see cref="Start"/>.</summary>
    /// <param name="address">http://host:port or https://host:port.</param>
    /// <param name="token">The bridge's bearer token.</param>
    /// <param name="log">Lines for the operator.</param>
    public VenueIndex(Uri address, string token, Action<string> log)
    {
        _channel = GrpcChannel.ForAddress(address);
        _client = new Operations.OperationsClient(_channel);
        _headers = new Metadata { { "authorization", $"Bearer {token}" } };
        _log = log;
    }

    /// <summary>Begins to tell.</summary>
    public void Start() => _loop = Task.Run(Run);

    /// <summary>Tells this price soon. Any thread.</summary>
    public void Send(TellIndex tell)
    {
        lock (_lock) _ticks[tell.Number] = tell.Ticks;
        _some.Release();
    }

    private async Task Run()
    {
        try
        {
            while (true)
            {
                await _some.WaitAsync(_stop.Token).ConfigureAwait(false);
                while (Newest() is { } newest)
                {
                    if (await TryTell(newest.Key, newest.Value).ConfigureAwait(false)) _backoff.Reset();
                    else await Task.Delay(_backoff.Next(), _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is (OperationCanceledException or RpcException))
        {
            _log("index prices: stopped");
        }
    }

    private KeyValuePair<int, long>? Newest()
    {
        lock (_lock)
        {
            foreach (var newest in _ticks) return newest;
            return null;
        }
    }

    /// <summary>False when the venue was not reached or would not have it: then the newest is tried again later.</summary>
    private async Task<bool> TryTell(int number, long ticks)
    {
        try
        {
            await _client.SetIndexPriceAsync(new IndexPriceRequest { Instrument = number, PriceTicks = ticks }, _headers, DateTime.UtcNow + Deadline, _stop.Token).ConfigureAwait(false);
            lock (_lock)
                if (_ticks.TryGetValue(number, out var newest) && newest == ticks) _ticks.Remove(number);
            return true;
        }
        catch (RpcException e) when (!_stop.IsCancellationRequested)
        {
            if (DateTime.UtcNow - _loggedAt < LogEvery) return false;
            _loggedAt = DateTime.UtcNow;
            _log($"index price {ticks} of the venue's instrument {number}: {e.Status.Detail}");
            return false;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop?.Wait(TimeSpan.FromSeconds(5));
        _channel.Dispose();
        _stop.Dispose();
        _some.Dispose();
    }
}
