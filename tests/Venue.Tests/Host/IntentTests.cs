using Venue.Host.Terminal;

namespace Venue.Tests.Host;

public class IntentTests
{
    [TestCase("buy 0.5 BTC-USD @ 50000", IntentKind.Buy, "0.5", "BTC-USD", "50000", '1')]
    [TestCase("sell 2 eth-usd @3000.5 ioc", IntentKind.Sell, "2", "ETH-USD", "3000.5", '3')]
    [TestCase("  buy 1 BTC-USD @ 1 fok ", IntentKind.Buy, "1", "BTC-USD", "1", '4')]
    [TestCase("sell 1 BTC-USD market", IntentKind.Sell, "1", "BTC-USD", null, '3')]
    public void An_order_is_read(string line, IntentKind kind, string quantity, string symbol, string? price, char tif)
    {
        Assert.That(Intent.TryParse(line, out var intent, out var fault), Is.True, fault);
        Assert.That(intent, Is.EqualTo(new Intent(kind, 0, quantity, symbol, price, tif)));
    }

    [TestCase("cancel 3", IntentKind.Cancel, 3)]
    [TestCase("cancel #3", IntentKind.Cancel, 3)]
    [TestCase("status 12", IntentKind.Status, 12)]
    public void An_own_order_is_named_by_its_number(string line, IntentKind kind, int order)
    {
        Assert.That(Intent.TryParse(line, out var intent, out var fault), Is.True, fault);
        Assert.That((intent.Kind, intent.Order), Is.EqualTo((kind, order)));
    }

    [TestCase("", "nothing typed")]
    [TestCase("hello", "'hello' is not a command; try help")]
    [TestCase("buy 0.5", "buy|sell QUANTITY SYMBOL @ PRICE [gtc|ioc|fok], or buy|sell QUANTITY SYMBOL market")]
    [TestCase("buy -1 BTC-USD @ 5", "'-1' is not a quantity")]
    [TestCase("buy 1 BTC-USD @ 5e3", "'5e3' is not a price")]
    [TestCase("buy 0 BTC-USD @ 5", "'0' is not a quantity")]
    [TestCase("cancel x", "'x' is not the number of an own order")]
    [TestCase("replace 3 0.4", "replace NUMBER QUANTITY @ PRICE")]
    public void What_is_wrong_is_said(string line, string expected)
    {
        Assert.That(Intent.TryParse(line, out _, out var fault), Is.False);
        Assert.That(fault, Is.EqualTo(expected));
    }
}
