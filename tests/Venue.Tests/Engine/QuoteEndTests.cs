namespace Venue.Tests.Engine;

/// <summary>How quotes go: pulled by name, instrument or all, expired, lost with their session.</summary>
internal sealed class QuoteEndTests
{
    private const string Provider = QuoteTests.Provider;

    [Test]
    public void Quotes_are_canceled_by_instrument_by_name_and_all() => Script.Run(Provider + """

        lp unquote z0 on
        => lp quotes z0 Instrument canceled 0 UnknownQuote
        lp unquote z1 all
        => lp quotes z1 All canceled 0
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp unquote q0 id
        => lp quotes q0 QuoteID canceled 0 UnknownQuote
        lp unquote q1 id
        => lp quotes q1 QuoteID canceled 2
        => level buy 0@99
        => level sell 0@101
        lp quote q2 10@99 / 0@0
        => lp quote q2 bid
        => level buy 10@99
        lp unquote z2 on
        => lp quotes z2 Instrument canceled 1
        => level buy 0@99
        lp unquote z3 on nowhere
        => lp quotes z3 Instrument canceled 0 UnknownInstrument
        lp unquote z4 two
        => lp quotes z4 9 canceled 0 UnsupportedOrder
        bob unquote z5 all
        => bob quotes z5 All canceled 0 NotAuthorized
        """);

    [Test]
    public void Quotes_expire_and_a_new_one_may_last_longer() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101 until 60
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp quote q2 10@99 / - until 90
        => lp quote q2 both
        time 60
        => lp Expired q1 8@101 Expired 0+0 Expired
        => level sell 0@101
        time 89
        lp quote q3 10@99 / - until 30
        => lp quote q3 ExpireTimePassed
        time 90
        => lp Expired q2 10@99 Expired 0+0 Expired
        => level buy 0@99
        """);

    [Test]
    public void Quotes_go_with_the_session_and_with_mass_cancels_like_orders() => Script.Run(Provider + """

        connect lp S
        => lp is connected
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp pull c1 sell
        => lp mass cancel c1 of 1
        => lp Canceled q1 8@101 Canceled 0+0 MassCanceled
        => level sell 0@101
        lp list s1
        => lp s1 of 1 last: lp OrderStatus q1 10@99 New 0+10
        disconnect lp lost
        => lp is gone
        => lp Canceled q1 10@99 Canceled 0+0 Disconnected
        => level buy 0@99
        """);
}
