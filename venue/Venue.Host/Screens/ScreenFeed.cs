using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>One screen's wish to see one feed.</summary>
internal sealed class ScreenSubscription(ScreenClient client, string symbol, ScreenChannel channel)
{
    public ScreenClient Client => client;

    public string Symbol => symbol;

    public ScreenChannel Channel => channel;

    /// <summary>It did not read fast enough and was left out: a snapshot follows when it has caught up.</summary>
    public bool IsBehind { get; set; }
}

/// <summary>What screens are shown, made from the replica's books: the core knows nothing of it and never waits for it.</summary>
/// <remarks>The replica's thread, but for what says otherwise.</remarks>
internal sealed class ScreenFeed
{
    private const long IntervalNs = 100_000_000;

    private sealed class Watched
    {
        public List<ScreenChannel> Channels { get; } = [];
        public bool IsChanged { get; set; }
    }

    private readonly List<Watched> _watched = [];   // by the instrument's number
    private readonly List<ScreenSubscription> _behind = [];
    private readonly List<EntryStep> _entries = [];
    private long _intervalNs;

    private Watched Of(int instrument)
    {
        while (_watched.Count < instrument) _watched.Add(new Watched());
        return _watched[instrument - 1];
    }

    /// <summary>Something public happened to an instrument.</summary>
    public void Changed(int instrument)
    {
        if (instrument <= _watched.Count) _watched[instrument - 1].IsChanged = true;
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e)
    {
        if (e.Header.Instrument > _watched.Count) return;
        foreach (var channel in Of(e.Header.Instrument).Channels) channel.On(e);
        Changed(e.Header.Instrument);
    }

    /// <summary>Some commands were folded: screens are told what they changed.</summary>
    public void EndRound(ReplicaState state, long nowNs)
    {
        foreach (ref readonly var step in state.Engine.Steps)
        {
            foreach (var channel in Of(step.Instrument).Channels) channel.On(step);
            Changed(step.Instrument);
        }
        state.Engine.ForgetSteps();
        var isInterval = nowNs - _intervalNs >= IntervalNs;
        if (isInterval) _intervalNs = nowNs;
        for (var number = 1; number <= _watched.Count; number++)
        {
            var watched = _watched[number - 1];
            if (watched.Channels.Count == 0) continue;
            if (isInterval) state.Gateway.Book(number).Advance(nowNs);
            if (!watched.IsChanged && !isInterval) continue;
            watched.IsChanged = false;
            foreach (var channel in watched.Channels)
                if (!channel.View.IsConflated || isInterval) Tell(channel, state, nowNs);
        }
        CatchUp(nowNs);
    }

    private void Tell(ScreenChannel channel, ReplicaState state, long nowNs)
    {
        channel.Instrument = state.Gateway.Instruments[channel.Instrument.Id];
        Settle(channel, nowNs);
    }

    /// <summary>Brings all who read this to where the book is.</summary>
    private void Settle(ScreenChannel channel, long nowNs)
    {
        if (channel.Update(nowNs) is not { } message) return;
        foreach (var reader in channel.Readers)
            if (!reader.IsBehind && !reader.Client.TryOffer(message)) Leave(reader);
    }

    private void Leave(ScreenSubscription reader)
    {
        reader.IsBehind = true;
        _behind.Add(reader);
    }

    /// <summary>Those that have read enough again get a snapshot.</summary>
    private void CatchUp(long nowNs)
    {
        for (var i = _behind.Count - 1; i >= 0; i--)
        {
            var reader = _behind[i];
            if (!reader.Client.HasCaughtUp) continue;
            Settle(reader.Channel, nowNs);
            if (!reader.Client.TryOffer(reader.Channel.Snapshot(nowNs))) continue;
            reader.IsBehind = false;
            _behind.RemoveAt(i);
        }
    }

    /// <summary>Answers a request.</summary>
    public void Do(ScreenClient client, ScreenRequest request, ReplicaState state, long nowNs)
    {
        foreach (var symbol in request.Symbols)
        {
            ScreenSubscription? begun = null;
            var fault = request.Method == "subscribe" ? Subscribe(client, request.View, symbol, state, nowNs, out begun) : Unsubscribe(client, request.View, symbol, state);
            client.Answer(ScreenJson.Answer(request.Method, fault, request.Id, request.View, symbol));
            // What was told to others before is in its snapshot.
            if (begun is not null && !client.TryOffer(begun.Channel.Snapshot(nowNs))) Leave(begun);
        }
    }

    /// <summary>The screen is gone.</summary>
    public void End(ScreenClient client, ReplicaState state)
    {
        foreach (var subscription in client.Subscriptions) Remove(subscription, state);
        client.Subscriptions.Clear();
    }

    private string? Subscribe(ScreenClient client, ScreenView view, string symbol, ReplicaState state, long nowNs, out ScreenSubscription? begun)
    {
        begun = null;
        if (state.Gateway.Instruments.Find(System.Text.Encoding.UTF8.GetBytes(symbol)) is not { } instrument) return "unknown symbol";
        if (client.Find(view, symbol) is not null) return "already subscribed";
        if (!client.TryCount()) return "too many subscriptions";
        var watched = Of(instrument.Id);
        var channel = watched.Channels.Find(c => c.View == view);
        if (channel is null)
        {
            if (view.Kind == ScreenChannelKind.Orders) state.Engine.Follow(instrument.Id, true);
            watched.Channels.Add(channel = Make(view, instrument, state));
        }
        // Those who read already must be as far as the snapshot.
        Settle(channel, nowNs);
        begun = new ScreenSubscription(client, symbol, channel);
        channel.Readers.Add(begun);
        client.Subscriptions.Add(begun);
        return null;
    }

    private string? Unsubscribe(ScreenClient client, ScreenView view, string symbol, ReplicaState state)
    {
        if (client.Find(view, symbol) is not { } subscription) return "not subscribed";
        client.Subscriptions.Remove(subscription);
        Remove(subscription, state);
        return null;
    }

    private void Remove(ScreenSubscription subscription, ReplicaState state)
    {
        var channel = subscription.Channel;
        subscription.Client.Uncount();
        channel.Readers.Remove(subscription);
        _behind.Remove(subscription);
        if (channel.Readers.Count > 0) return;
        Of(channel.Instrument.Id).Channels.Remove(channel);
        if (channel.View.Kind == ScreenChannelKind.Orders) state.Engine.Follow(channel.Instrument.Id, false);
    }

    private ScreenChannel Make(ScreenView view, Instrument instrument, ReplicaState state)
    {
        var book = state.Gateway.Book(instrument.Id);
        return view.Kind switch
        {
            ScreenChannelKind.Book => new BookChannel(view, instrument, book),
            ScreenChannelKind.Orders => new OrdersChannel(view, instrument, book, side =>
            {
                _entries.Clear();
                state.Engine.CopyEntries(instrument.Id, side, _entries);
                return [.. _entries];
            }),
            ScreenChannelKind.Trades => new TradesChannel(view, instrument, book),
            ScreenChannelKind.Ticker => new TickerChannel(view, instrument, book),
            _ => new StatusChannel(view, instrument, book, () => state.Engine.Market(instrument.Id).Phase),
        };
    }
}
