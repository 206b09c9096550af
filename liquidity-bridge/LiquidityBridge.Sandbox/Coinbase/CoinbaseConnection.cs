using System.Net.WebSockets;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>One WebSocket of Advanced Trade: what it subscribed to, and the count of its messages.</summary>
internal sealed class CoinbaseConnection(WebSocket socket, bool isUserOnly, long openedNs) : WebSocketLine(socket, CoinbaseRequest.BytesMax)
{
    private long _next;

    /// <summary>Only the heartbeats and user channels are here.</summary>
    public bool IsUserOnly { get; } = isUserOnly;

    /// <summary>When it was opened, nanoseconds.</summary>
    public long OpenedNs { get; } = openedNs;

    /// <summary>Some subscription was asked for.</summary>
    public bool HasSubscribed { get; set; }

    /// <summary>The level2 channel.</summary>
    public HashSet<Instrument> Books { get; } = [];

    /// <summary>The market_trades channel.</summary>
    public HashSet<Instrument> Trades { get; } = [];

    /// <summary>The status channel.</summary>
    public HashSet<Instrument> Status { get; } = [];

    /// <summary>The heartbeats channel.</summary>
    public bool Heartbeats { get; set; }

    /// <summary>The user channel: whose orders; null when it is not subscribed.</summary>
    public Account? User { get; set; }

    /// <summary>Its instruments; empty for all.</summary>
    public HashSet<Instrument> UserProducts { get; } = [];

    /// <summary>Sends an envelope: sequence_num counts all messages of the connection, whatever their channel.</summary>
    public void Send(string channel, long nowNs, Action<Utf8JsonWriter> events) => Send(Envelope(channel, nowNs, events), nowNs);

    /// <summary>Takes the next number for a message that never arrives.</summary>
    public void Lose() => _next++;

    /// <summary>The next message.</summary>
    public byte[] Envelope(string channel, long nowNs, Action<Utf8JsonWriter> events) => Json.Object(w =>
    {
        w.WriteString("channel", channel);
        w.WriteString("client_id", "");
        w.Time("timestamp", nowNs);
        w.WriteNumber("sequence_num", _next++);
        w.WriteStartArray("events");
        events(w);
        w.WriteEndArray();
    });
}
