using System.Globalization;

namespace Venue.Host.Terminal;

/// <summary>What a trader typed.</summary>
public enum IntentKind { Buy, Sell, Cancel, Replace, Status, Watch, Help, Quit }

/// <summary>One line of the terminal, understood.</summary>
/// <param name="Kind">The verb.</param>
/// <param name="Order">Number of an own order in the blotter (#3), for cancel, replace and status.</param>
/// <param name="Quantity">As typed, in units of the base asset.</param>
/// <param name="Symbol">Instrument; upper case.</param>
/// <param name="Price">As typed, in units of the quote asset; null for a market order.</param>
/// <param name="TimeInForce">TimeInForce(59): '1', '3' or '4'.</param>
public sealed record Intent(IntentKind Kind, int Order = 0, string Quantity = "", string Symbol = "", string? Price = null, char TimeInForce = '1')
{
    /// <summary>The language, for people.</summary>
    public const string Grammar =
        """
        buy 0.5 BTC-USD @ 50000        limit order; add ioc or fok
        sell 0.5 BTC-USD market        market order
        cancel 3                       own order number 3
        replace 3 0.4 @ 49990          new total quantity and price
        status 3                       ask the venue how it stands
        watch ETH-USD                  show another book
        help, quit
        """;

    /// <summary>Reads a line. A fault says what was expected.</summary>
    public static bool TryParse(string line, out Intent intent, out string fault)
    {
        intent = new Intent(IntentKind.Help);
        var words = line.Replace("@", " @ ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        fault = words switch
        {
            [] => "nothing typed",
            ["help" or "?"] => "",
            ["quit" or "exit"] => Set(new Intent(IntentKind.Quit), out intent),
            ["watch", var symbol] => Set(new Intent(IntentKind.Watch, Symbol: symbol.ToUpperInvariant()), out intent),
            ["buy" or "sell", ..] => NewOrder(words, out intent),
            ["cancel", var n] => Existing(IntentKind.Cancel, n, "", null, out intent),
            ["status", var n] => Existing(IntentKind.Status, n, "", null, out intent),
            ["replace", var n, var quantity, "@", var price] => Existing(IntentKind.Replace, n, quantity, price, out intent),
            ["replace", ..] => "replace NUMBER QUANTITY @ PRICE",
            ["cancel" or "status", ..] => $"{words[0]} NUMBER",
            ["watch", ..] => "watch SYMBOL",
            _ => $"'{words[0]}' is not a command; try help",
        };
        return fault.Length == 0;
    }

    private static string NewOrder(string[] words, out Intent intent)
    {
        intent = new Intent(IntentKind.Help);
        const string Shape = "buy|sell QUANTITY SYMBOL @ PRICE [gtc|ioc|fok], or buy|sell QUANTITY SYMBOL market";
        if (words.Length < 4) return Shape;
        var kind = words[0] == "buy" ? IntentKind.Buy : IntentKind.Sell;
        if (!IsNumber(words[1])) return $"'{words[1]}' is not a quantity";
        var symbol = words[2].ToUpperInvariant();
        switch (words[3..])
        {
            case ["market"]:
                return Set(new Intent(kind, 0, words[1], symbol, null, '3'), out intent);
            case ["@", var price]:
                return IsNumber(price) ? Set(new Intent(kind, 0, words[1], symbol, price), out intent) : $"'{price}' is not a price";
            case ["@", var price, ("gtc" or "ioc" or "fok") and var tif]:
                return IsNumber(price) ? Set(new Intent(kind, 0, words[1], symbol, price, tif switch { "ioc" => '3', "fok" => '4', _ => '1' }), out intent) : $"'{price}' is not a price";
            default:
                return Shape;
        }
    }

    private static string Existing(IntentKind kind, string number, string quantity, string? price, out Intent intent)
    {
        intent = new Intent(IntentKind.Help);
        if (!int.TryParse(number.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var order)) return $"'{number}' is not the number of an own order";
        if (kind == IntentKind.Replace && !IsNumber(quantity)) return $"'{quantity}' is not a quantity";
        if (kind == IntentKind.Replace && !IsNumber(price!)) return $"'{price}' is not a price";
        return Set(new Intent(kind, order, quantity, Price: price), out intent);
    }

    private static bool IsNumber(string text) => Decimals.TryParse(text, out var mantissa, out _) && mantissa > 0;

    private static string Set(Intent value, out Intent intent)
    {
        intent = value;
        return "";
    }
}
