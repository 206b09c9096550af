using System.Globalization;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <content>One price, and ten thousand margin accounts that must be liquidated.</content>
internal sealed partial class WorstCommands
{
    private const int FirstAccount = 3, Lots = 40, LiquidationOrders = 1 << 16;
    private const int Fund = FirstAccount + Count;

    private delegate void Fill<T>(ref T command);

    /// <summary>Each has bought with a credit line what it could not pay; firm 1 sold it, and buys just below.</summary>
    private static void EnterAccounts(WorstCommands run)
    {
        for (var firm = FirstAccount; firm <= Fund; firm++)
        {
            var number = firm;
            run.Apply((ref DefineFirm c) => (c.Firm, c.Name) = (number, Text40.From(Name("firm", number))), CommandType.DefineFirm);
            run.Apply((ref DefineSession c) => (c.DefinedSession, c.Firm, c.ClientCompID, c.VenueCompID) = (number, number, Text40.From(Name("client", number)), Text40.From("VENUE")), CommandType.DefineSession);
        }
        run.Credit(Fund, 400_000_000);
        run.Apply((ref DefineMarginAsset c) => c.Asset = 1, CommandType.DefineMarginAsset);
        run.Apply((ref DefineMarginAsset c) => (c.Asset, c.Instrument, c.HaircutBps) = (2, 1, 1000), CommandType.DefineMarginAsset);
        run.Index(1000);
        run.Apply((ref DefineLiquidation c) => (c.Instrument, c.SliceLots, c.SlippageBps, c.OrdersMax, c.WindowNs) = (1, 20, 500, 1000, 1_000_000), CommandType.DefineLiquidation);
        run.Enter(Side.Sell, Count * Lots, 1000);
        for (var firm = FirstAccount; firm < Fund; firm++)
        {
            var number = firm;
            run.Credit(number, 9000 + number % 5000);
            run.Apply((ref SetCreditLine c) => (c.Firm, c.Asset, c.Amount) = (number, 1, new Amount(100_000)), CommandType.SetCreditLine);
            run.Apply((ref DefineMarginAccount c) => (c.Firm, c.ToldSession, c.InitialBps, c.MaintenanceBps) = (number, number, 1000, 500), CommandType.DefineMarginAccount);
            run.Enter(Side.Buy, Lots, 1000, session: number);
        }
        while (run._engine.HasMarginWork) run.Apply((ref ContinueMargin _) => { }, CommandType.ContinueMargin);
        run.Apply((ref DefineInsurance c) => c.Firm = Fund, CommandType.DefineInsurance);
        for (var step = 0; step < 20; step++) run.Enter(Side.Buy, Count * Lots / 20, 748 - step);
    }

    /// <summary>The end of each command is noted like an event: many have none.</summary>
    private void Liquidate()
    {
        Index(750);
        _clock.Tick();
        while (_engine.HasMarginWork || (_engine.Liquidating > 0 && _engine.NextDueNs < long.MaxValue))
        {
            if (_engine.HasMarginWork) Apply((ref ContinueMargin _) => { }, CommandType.ContinueMargin);
            else
            {
                // Nothing to do before the next window.
                _laterNs = _engine.NextDueNs - _seq;
                Apply((ref Tick _) => { }, CommandType.Tick);
            }
            _clock.Tick();
        }
        if (_engine.Liquidating > 0) throw new InvalidOperationException($"{_engine.Liquidating} accounts are still being liquidated");
    }

    private void Index(long ticks) => Apply((ref SetIndexPrice c) => (c.Instrument, c.PriceTicks) = (1, ticks), CommandType.SetIndexPrice);

    private void Credit(int firm, long atoms) => Apply((ref Credit c) => (c.Firm, c.Asset, c.Amount, c.Key) = (firm, 1, new Amount(atoms), Text40.From(Name("own", firm))), CommandType.Credit);

    private void Apply<T>(Fill<T> fill, CommandType type) where T : unmanaged
    {
        fill(ref Command.Begin<T>(_slot, type));
        Apply(0);
    }

    private static string Name(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{what} {number}");
}
