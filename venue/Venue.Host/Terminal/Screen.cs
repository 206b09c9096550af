using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Venue.Host.Terminal;

/// <summary>The terminal on a real terminal: book and orders above, what happened below, a line to type in.</summary>
internal sealed class Screen(Client client, string title)
{
    private const int Levels = 10;
    private readonly StringBuilder _typed = new();
    private readonly List<string> _history = [];
    private int _historyAt;

    /// <summary>Draws and reads keys until the session ends.</summary>
    public void Run()
    {
        AnsiConsole.AlternateScreen(() =>
        {
            AnsiConsole.Live(Draw()).Start(live =>
            {
                while (client.Ended is null)
                {
                    var changed = false;
                    while (Console.KeyAvailable)
                    {
                        Key(Console.ReadKey(intercept: true));
                        changed = true;
                    }
                    live.UpdateTarget(Draw());
                    if (!changed) Thread.Sleep(60);   // a screen for eyes: 16 pictures a second
                }
            });
        });
    }

    private void Key(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                var line = _typed.ToString();
                _typed.Clear();
                if (line.Trim().Length == 0) return;
                _history.Add(line);
                _historyAt = _history.Count;
                if (Intent.TryParse(line, out var intent, out var fault)) client.Do(intent);
                else client.Look(b => b.Say(fault));
                return;
            case ConsoleKey.Backspace:
                if (_typed.Length > 0) _typed.Length--;
                return;
            case ConsoleKey.Escape:
                _typed.Clear();
                return;
            case ConsoleKey.UpArrow or ConsoleKey.DownArrow:
                _historyAt = Math.Clamp(_historyAt + (key.Key == ConsoleKey.UpArrow ? -1 : 1), 0, _history.Count);
                _typed.Clear();
                if (_historyAt < _history.Count) _typed.Append(_history[_historyAt]);
                return;
            default:
                if (!char.IsControl(key.KeyChar)) _typed.Append(key.KeyChar);
                return;
        }
    }

    private Layout Draw()
    {
        var height = Math.Max(AnsiConsole.Profile.Height, 20);
        IRenderable book = new Text(""), orders = new Text(""), happenings = new Text("");
        var happeningRows = height - 2 * Levels - 9;
        client.Look(b =>
        {
            book = Book(b);
            orders = Orders(b);
            happenings = new Rows(b.Happenings.TakeLast(Math.Max(happeningRows, 3)).Select(h => (IRenderable)new Text(h)));
        });
        return new Layout("all").SplitRows(
            new Layout("top").Size(2 * Levels + 5).SplitColumns(
                new Layout("book", new Panel(book).Header("book").Expand()).Ratio(2),
                new Layout("orders", new Panel(orders).Header("own orders").Expand()).Ratio(5)),
            new Layout("happenings", new Panel(happenings).Header(title).Expand()),
            new Layout("input", new Markup($"[bold]>[/] {Markup.Escape(_typed.ToString())}[blink]_[/]")).Size(1));
    }

    private static Table Book(Blotter b)
    {
        var table = new Table().Border(TableBorder.None).Expand();
        table.AddColumn(new TableColumn(b.Symbol).RightAligned());
        table.AddColumn(new TableColumn("quantity").RightAligned());
        for (var i = Levels - 1; i >= 0; i--) Level(b.Asks, i, "red");
        table.AddRow(new Markup("[grey]last[/]"), new Text(b.LastTrade.Length > 0 ? b.LastTrade : "none"));
        for (var i = 0; i < Levels; i++) Level(b.Bids, i, "green");
        return table;

        void Level(List<(string Price, string Quantity)> levels, int i, string color)
        {
            if (i < levels.Count) table.AddRow(new Markup($"[{color}]{Markup.Escape(levels[i].Price)}[/]"), new Text(levels[i].Quantity));
            else table.AddRow("", "");
        }
    }

    private static Table Orders(Blotter b)
    {
        var table = new Table().Border(TableBorder.None).Expand();
        foreach (var name in (string[])["#", "side", "symbol", "quantity", "price", "filled", "average", "status"]) table.AddColumn(name);
        // Working orders first in line for the room there is; then the latest of the rest.
        var shown = b.Orders.Where(o => o.IsWorking).Concat(b.Orders.Where(o => !o.IsWorking).Reverse()).Take(2 * Levels).OrderBy(o => o.Number);
        foreach (var o in shown)
            table.AddRow($"{o.Number}", o.Side == '1' ? "[green]buy[/]" : "[red]sell[/]", Markup.Escape(o.Symbol), Markup.Escape(o.Quantity), Markup.Escape(o.Price), Markup.Escape(o.Filled), Markup.Escape(o.Average), o.IsWorking ? $"[bold]{Blotter.StatusName(o.Status)}[/]" : Blotter.StatusName(o.Status));
        return table;
    }
}
