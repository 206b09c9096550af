namespace LiquidityBridge.Tests.Hedging;

/// <summary>Fees that are paid in an asset that is neither of the market's own: Binance in BNB, OKX in OKB, Kraken in fee credits.</summary>
internal sealed class OtherFeeTests
{
    private const string Hedged = """
        up A
        up B
        book A 10@999 20@998 | 10@1001 20@1002
        book B 10@998 20@997 | 10@1002 20@1003
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        ack A 1.1
        """;

    private static Script Run(RateTerms? rate, string table)
    {
        var options = TestBridge.Options(TestBridge.Instrument());
        return new Script(rate is null ? options : options with { Rates = [rate] }).Run(Hedged).Run(table);
    }

    /// <summary>Fees booked in units of the quote asset, then each fee in units of its asset: paid, of which without a rate.</summary>
    private static string Fees(Script script)
    {
        var i = script.Desk.Instruments[0];
        var unit = Instrument.Power(Instrument.AmountDecimals);
        return $"{i.FeesAtoms / unit}, realised {i.RealisedAtoms / unit} | {string.Join(' ', i.OtherFees.Select(f => $"{f.Exchange} {f.Asset} {f.PaidAtoms / unit} {f.UnpricedAtoms / unit}"))}";
    }

    [Test]
    public void A_fixed_rate_makes_it_a_cost_at_once()
    {
        var script = Run(new RateTerms("BNB", "USD", 3 * Rates.Par, -1, 0), """
            filled A 1.1 3 @ 1001 x1 fee 2 BNB
            filled A 1.1 2 @ 1001 x2 fee 1 BNB
            filled A 1.1 2 @ 1001 x2 fee 1 BNB
            => nothing
            """);
        Assert.That(Fees(script), Is.EqualTo("9, realised 1 | A BNB 3 0"), "10 of markup, less 3 BNB at 3");
        script.Run("restart");
        Assert.That(Fees(script), Is.EqualTo("9, realised 1 | A BNB 3 0"));
    }

    [Test]
    public void Without_a_rate_a_person_is_told_and_it_is_kept()
    {
        var script = Run(null, """
            filled A 1.1 5 @ 1001 x1 fee 2 OKB
            => alert hedge-fee
            wait 5
            => nothing
            """);
        Assert.That(Fees(script), Is.EqualTo("0, realised 10 | A OKB 2 2"));
        script.Run("restart");
        Assert.That(Fees(script), Is.EqualTo("0, realised 10 | A OKB 2 2"));
    }

    /// <summary>Here KFEE is worth what the instrument's mid price is, 1000, while its books are fresh.</summary>
    [Test]
    public void What_had_no_rate_is_booked_when_there_is_one()
    {
        var script = Run(new RateTerms("KFEE", "USD", 0, 0, TestBridge.SecondNs), """
            wait 2
            filled A 1.1 5 @ 1001 x1 fee 2 KFEE
            => alert hedge-fee
            """);
        Assert.That(Fees(script), Is.EqualTo("0, realised 10 | A KFEE 2 2"));
        script.Run("""
            book A 10@999 20@998 | 10@1001 20@1002
            book B 10@998 20@997 | 10@1002 20@1003
            => nothing
            """);
        Assert.That(Fees(script), Is.EqualTo("2000, realised -1990 | A KFEE 2 0"));
        Assert.That(script.Journal.OfType<FeesPriced>().Single().RatePpb, Is.EqualTo(1000 * Rates.Par));
        script.Run("""
            wait 3
            book A 10@1999 20@1998 | 10@2001 20@2002
            restart
            """);
        Assert.That(Fees(script), Is.EqualTo("2000, realised -1990 | A KFEE 2 0"), "at the rate of then");
    }

    [Test]
    public void A_rebate_earns_what_it_is_worth() =>
        Assert.That(Fees(Run(new RateTerms("BNB", "USD", 3 * Rates.Par, -1, 0), "filled A 1.1 5 @ 1001 x1 fee -2 BNB")), Is.EqualTo("-6, realised 16 | A BNB -2 0"));
}
