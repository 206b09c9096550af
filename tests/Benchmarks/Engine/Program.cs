using System.Globalization;
using Venue.Benchmarks.Engine;

// Usage: nothing for the whole table, worst, quotes or memory for those lines of it, A|B|C|D|H save FILE for the yardsticks' own sake,
// or A|B|C|D|H book|engine|journal|each [repetitions] [orders remembered] [small pages] for one measurement.
if (args.Length == 0)
{
    Table.Print();
    return;
}
if (args[0] == "worst")
{
    WorstCommands.Print();
    return;
}
if (args[0] == "quotes")
{
    QuoteCommands.Print();
    return;
}
if (args[0] == "memory")
{
    Table.Memory(Flow.Make("C"), yardstick: null);
    return;
}
var flow = Flow.Make(args[0]);
if (args[1] == "save")
{
    flow.Save(args[2]);
    return;
}
var repetitions = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
var remembered = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : Table.Remembered;
Func<IRun> make = args[1] == "book" ? () => new BookRun(flow) : () => new EngineRun(flow, remembered, isHuge: args.Length <= 4, isJournaled: args[1] == "journal");
Console.WriteLine(args[1] == "each" ? Measure.RunEach(flow, make, repetitions).ToString() : Measure.Run(flow, make, repetitions).ToString());
