using System.Text.Json;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>Every order shown: [what, number, side, price, quantity], what being add, change or delete.</summary>
/// <param name="view">What is shown.</param>
/// <param name="instrument">Of which instrument.</param>
/// <param name="book">Its levels, for the checksum.</param>
/// <param name="entries">The orders of a side as they stand.</param>
internal sealed class OrdersChannel(ScreenView view, Instrument instrument, DepthBook book, Func<Side, IReadOnlyList<EntryStep>> entries) : ScreenChannel(view, instrument, book)
{
    private readonly List<EntryStep> _steps = [];

    public override void On(in EntryStep step) => _steps.Add(step);

    protected override bool TryChange(out Action<Utf8JsonWriter> content)
    {
        content = w =>
        {
            Write(w, _steps);
            Checksum(w);
            _steps.Clear();
        };
        return _steps.Count > 0;
    }

    protected override void All(Utf8JsonWriter w)
    {
        Write(w, [.. entries(Side.Buy), .. entries(Side.Sell)]);
        Checksum(w);
    }

    private void Write(Utf8JsonWriter w, IEnumerable<EntryStep> steps)
    {
        w.WriteStartArray("orders");
        foreach (var step in steps)
        {
            w.WriteStartArray();
            w.WriteStringValue(step.Step switch { BookStep.Came => "add", BookStep.Changed => "change", _ => "delete" });
            w.WriteNumberValue(step.Entry);
            w.WriteStringValue(step.Side == Side.Buy ? "bid" : "ask");
            w.Price(Instrument.Terms, step.Ticks);
            w.Quantity(Instrument.Terms, step.Lots);
            w.WriteEndArray();
        }
        w.WriteEndArray();
    }
}
