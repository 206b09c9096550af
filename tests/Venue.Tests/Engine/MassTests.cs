using System.Globalization;
using System.Text;
using Venue.Engine;

namespace Venue.Tests.Engine;

/// <summary>Mass cancel, mass status, cancel on disconnect.</summary>
internal sealed class MassTests
{
    [Test]
    public void A_mass_cancel_takes_the_sessions_own_orders_oldest_first_and_tells_each_level_once() => Script.Run("""
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        bob buy b1 1@100
        => bob New b1 1@100 New 0+1
        => level buy 2@100
        alice sell a2 1@105
        => alice New a2 1@105 New 0+1
        => level sell 1@105
        alice buy a3 2@100
        => alice New a3 2@100 New 0+2
        => level buy 4@100
        alice pull q1
        => alice mass cancel q1 of 3
        => alice Canceled a1 1@100 Canceled 0+0 MassCanceled
        => alice Canceled a2 1@105 Canceled 0+0 MassCanceled
        => alice Canceled a3 2@100 Canceled 0+0 MassCanceled
        => level buy 1@100
        => level sell 0@105
        alice balance USD
        => 1000 + 0 held
        alice pull q2
        => alice mass cancel q2 of 0
        bob cancel c1 b1
        => bob Canceled c1 of b1 1@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        """);

    [Test]
    public void A_firm_may_pull_what_is_its_own_and_an_operator_everything() => Script.Run("""
        firm alice USD 1000 X 100
        session desk of alice
        firm bob USD 1000 X 100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        desk sell d1 1@105
        => desk New d1 1@105 New 0+1
        => level sell 1@105
        bob sell b1 1@106
        => bob New b1 1@106 New 0+1
        => level sell 1@106
        bob pull q1 session desk
        => bob mass cancel q1 NotAuthorized
        bob pull q2 firm alice
        => bob mass cancel q2 NotAuthorized
        bob pull q3 venue
        => bob mass cancel q3 NotAuthorized
        nobody pull q4
        => nobody mass cancel q4 UnknownSession
        alice pull q5 sell session desk
        => alice mass cancel q5 of 1
        => desk Canceled d1 1@105 Canceled 0+0 MassCanceled
        => level sell 0@105
        desk pull q6 firm alice
        => desk mass cancel q6 of 1
        => alice Canceled a1 1@100 Canceled 0+0 MassCanceled
        => level buy 0@100
        nobody pull q7 venue operator
        => nobody mass cancel q7 of 1
        => bob Canceled b1 1@106 Canceled 0+0 MassCanceled
        => level sell 0@106
        """);

    [Test]
    public void A_mass_status_tells_every_open_order_and_says_which_is_the_last() => Script.Run("""
        firm alice USD 1000 X 100
        alice list s1
        => alice s1 of 0 last: UnknownOrder
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice sell a2 2@100
        => alice New a2 2@100 New 0+2
        => alice Trade a1 5@100 fills 2@100 maker fee 0 trade 1 PartiallyFilled 2+3
        => alice Trade a2 2@100 fills 2@100 taker fee 0 trade 1 Filled 2+0
        => trade 1 sell 2@100
        => level buy 3@100
        alice sell a3 1@105
        => alice New a3 1@105 New 0+1
        => level sell 1@105
        alice list s2
        => alice s2 of 2: alice OrderStatus a1 5@100 PartiallyFilled 2+3
        => alice s2 of 2 last: alice OrderStatus a3 1@105 New 0+1
        alice list s3 sell
        => alice s3 of 1 last: alice OrderStatus a3 1@105 New 0+1
        """);

    [TestCase("S", "lost", true), TestCase("S", "logout", false), TestCase("S logout", "logout", true), TestCase("S", "notback", true)]
    [TestCase("N", "lost", false), TestCase("N logout", "logout", false)]
    public void A_lost_session_keeps_or_loses_its_orders_as_it_was_agreed(string agreed, string cause, bool isCanceled) => Script.Run($"""
        firm alice USD 1000
        session desk of alice
        desk buy d1 1@100
        => desk New d1 1@100 New 0+1
        => level buy 1@100
        connect alice {agreed}
        => alice is connected
        alice buy a1 1@99
        => alice New a1 1@99 New 0+1
        => level buy 1@99
        disconnect alice {cause}
        => alice is gone
        {(isCanceled ? "=> alice Canceled a1 1@99 Canceled 0+0 Disconnected\n=> level buy 0@99" : "")}
        disconnect alice {cause}
        => refused Disconnect Contradiction
        """);

    [Test]
    public void With_A_all_of_the_firms_orders_go() => Script.Run("""
        firm alice USD 1000
        session desk of alice
        firm bob USD 1000
        desk buy d1 1@100
        => desk New d1 1@100 New 0+1
        => level buy 1@100
        bob buy b1 1@100
        => bob New b1 1@100 New 0+1
        => level buy 2@100
        connect alice A
        => alice is connected
        disconnect alice lost
        => alice is gone
        => desk Canceled d1 1@100 Canceled 0+0 Disconnected
        => level buy 1@100
        """);

    /// <summary>Somebody who only reads market data, or an operator: no firm's orders are theirs, and nobody else's go.</summary>
    [Test]
    public void With_A_a_session_of_no_firm_takes_no_order_with_it() => Script.Run("""
        session watcher of house
        firm alice USD 1000
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        connect watcher A
        => watcher is connected
        disconnect watcher lost
        => watcher is gone
        """);

    [Test]
    public void A_large_walk_goes_in_slices_and_leaves_what_came_after_the_request()
    {
        var text = new StringBuilder("firm alice USD 1000000 X 100000\n");
        for (var i = 1; i <= 70; i++) text.AppendLine($"alice buy a{i} 1@{i}").AppendLine($"=> alice New a{i} 1@{i} New 0+1").AppendLine($"=> level buy 1@{i}");
        text.AppendLine("alice pull q1").AppendLine("=> alice mass cancel q1 of -1");
        for (var i = 1; i <= 64; i++) text.AppendLine($"=> alice Canceled a{i} 1@{i} Canceled 0+0 MassCanceled");
        for (var i = 1; i <= 64; i++) text.AppendLine($"=> level buy 0@{i}");
        // a65, on which the walk stands, is canceled by its owner; a66 trades; a new order comes behind the last.
        text.AppendLine("""
            alice cancel c1 a65
            => alice Canceled c1 of a65 1@65 Canceled 0+0 ClientRequest
            => level buy 0@65
            alice buy late 1@70
            => alice New late 1@70 New 0+1
            => level buy 2@70
            alice sell s1 3@70
            => alice New s1 3@70 New 0+3
            => alice Trade a70 1@70 fills 1@70 maker fee 0 trade 1 Filled 1+0
            => alice Trade s1 3@70 fills 1@70 taker fee 0 trade 1 PartiallyFilled 1+2
            => trade 1 sell 1@70
            => alice Trade late 1@70 fills 1@70 maker fee 0 trade 2 Filled 1+0
            => alice Trade s1 3@70 fills 1@70 taker fee 0 trade 2 PartiallyFilled 2+1
            => trade 2 sell 1@70
            => level buy 0@70
            => level sell 1@70
            continue
            => alice Canceled a66 1@66 Canceled 0+0 MassCanceled
            => alice Canceled a67 1@67 Canceled 0+0 MassCanceled
            => alice Canceled a68 1@68 Canceled 0+0 MassCanceled
            => alice Canceled a69 1@69 Canceled 0+0 MassCanceled
            => level buy 0@66
            => level buy 0@67
            => level buy 0@68
            => level buy 0@69
            continue
            => refused ContinueWalk Contradiction
            alice list s2
            => alice s2 of 1 last: alice OrderStatus s1 3@70 PartiallyFilled 2+1
            """);
        Script.Run(text.ToString(), new EngineCapacity { Orders = 200, ClOrdIDs = 400, LevelPages = 100 });
    }

    /// <summary>What the first slice leaves behind moves a pegged order, which trades with the very order that the next slice would begin with.</summary>
    [Test]
    public void An_order_that_the_slice_itself_lets_trade_is_not_canceled_any_more()
    {
        var text = new StringBuilder("firm alice USD 1000000 X 1000\nfirm bob USD 1000000 X 1000\nconnect alice S\n=> alice is connected\nbob buy b1 1@100\n=> bob New b1 1@100 New 0+1\n=> level buy 1@100\nbob sell b2 1@110\n=> bob New b2 1@110 New 0+1\n=> level sell 1@110\n");
        for (var i = 1; i <= 64; i++) text.Append(CultureInfo.InvariantCulture, $"alice sell a{i} 1@104\n=> alice New a{i} 1@104 New 0+1\n=> level sell {i}@104\n");
        text.Append("""
            alice sell a65 1@103 hidden
            => alice New a65 1@103 New 0+1
            alice sell a66 1@109 hidden
            => alice New a66 1@109 New 0+1
            bob buy b3 1@108 peg mid
            => bob New b3 1@108 New 0+1
            disconnect alice lost
            => alice is gone

            """);
        for (var i = 1; i <= 64; i++) text.Append(CultureInfo.InvariantCulture, $"=> alice Canceled a{i} 1@104 Canceled 0+0 Disconnected\n");
        text.Append("""
            => level sell 0@104
            => alice Trade a65 1@103 fills 1@103 maker fee 0 trade 1 Filled 1+0
            => bob Trade b3 1@108 fills 1@103 taker fee 0 trade 1 Filled 1+0
            => trade 1 buy 1@103
            continue
            => alice Canceled a66 1@109 Canceled 0+0 Disconnected
            """);
        Script.Run(text.ToString(), new EngineCapacity { Orders = 200, ClOrdIDs = 400, LevelPages = 100 });
    }

    [Test]
    public void A_session_may_have_four_unfinished_walks()
    {
        var text = new StringBuilder("firm alice USD 1000000\n");
        for (var i = 1; i <= 70; i++) text.AppendLine($"alice buy a{i} 1@1").AppendLine($"=> alice New a{i} 1@1 New 0+1").AppendLine($"=> level buy {i}@1");
        for (var walk = 1; walk <= 4; walk++)
        {
            text.AppendLine($"alice list s{walk}");
            // The 64th that fits is kept back: it could be the last.
            for (var i = 1; i <= 63; i++) text.AppendLine($"=> alice s{walk}: alice OrderStatus a{i} 1@1 New 0+1");
        }
        text.AppendLine("""
            alice list s5
            => alice s5 of 0 last: TooManyRequests
            """);
        Script.Run(text.ToString(), new EngineCapacity { Orders = 200, ClOrdIDs = 400, LevelPages = 100 });
    }
}
