using Venue.Fix;

namespace Venue.Gateway;

/// <summary>An operator's News (B), told to every session.</summary>
internal static class News
{
    /// <summary>The fields of its body behind OrigTime(42), to be told again.</summary>
    public static ReadOnlySpan<byte> Encode(in Message message)
    {
        var fields = new FieldBuffer();
        foreach (var tag in (ReadOnlySpan<int>)[61, 148])
            if (message.TryGet(tag, out var value)) fields.Add(tag, value);
        message.TryGetInt(33, out var lines);
        fields.Add(33, lines);
        foreach (var line in message.Groups(33))
            if (line.TryGet(58, out var text)) fields.Add(58, text);
        return fields.Bytes;
    }

    /// <summary>Kept like a report, so that who is away gets it by resend; a session of kind MarketData gets it when it is there.</summary>
    public static void Tell(IReadOnlyList<ClientSession> clients, ReadOnlySpan<byte> fields, long nowNs, Action<ClientSession> told)
    {
        foreach (var client in clients)
        {
            if (!client.IsConfigured || (client.Log.IsVolatile && client.Connection is null)) continue;
            ref var w = ref client.Fix!.Begin("B"u8, nowNs);
            w.AddTime(42, nowNs);   // OrigTime
            w.AddFields(fields);
            client.Fix.End(keep: true);
            told(client);
        }
    }
}
