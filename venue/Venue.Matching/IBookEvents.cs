using Venue.Messages;

namespace Venue.Matching;

/// <summary>Takes a book's fills one by one. A struct, so that the JIT binds the calls directly.</summary>
public interface IBookEvents
{
    /// <summary>The order in slot <paramref name="maker"/> traded; the book already holds what is left of it.</summary>
    void OnFill(int maker, Price price, Quantity quantity);

    /// <summary>A step of a followed book, seen order by order: what rests in <paramref name="slot"/> came, changed, or is about to go.</summary>
    void OnStep(int slot, BookStep step);
}

/// <summary>Looks at what an order would trade, price by price, without trading it.</summary>
public interface IFillVisitor
{
    /// <summary>The order would trade this much at one price.</summary>
    void Visit(Price price, Quantity quantity);
}
