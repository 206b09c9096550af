namespace Venue.Messages;

/// <summary>A price in ticks of its instrument: <c>Price(44)</c> divided by the tick size.</summary>
public readonly record struct Price(long Ticks) : IComparable<Price>
{
    /// <summary>Orders by ticks.</summary>
    public int CompareTo(Price other) => Ticks.CompareTo(other.Ticks);

    public static bool operator <(Price a, Price b) => a.Ticks < b.Ticks;
    public static bool operator >(Price a, Price b) => a.Ticks > b.Ticks;
    public static bool operator <=(Price a, Price b) => a.Ticks <= b.Ticks;
    public static bool operator >=(Price a, Price b) => a.Ticks >= b.Ticks;

    public override string ToString() => $"{Ticks} ticks";
}

/// <summary>A quantity in lots of its instrument: <c>OrderQty(38)</c> divided by the lot size.</summary>
public readonly record struct Quantity(long Lots) : IComparable<Quantity>
{
    /// <summary>Orders by lots.</summary>
    public int CompareTo(Quantity other) => Lots.CompareTo(other.Lots);

    public static Quantity operator +(Quantity a, Quantity b) => new(a.Lots + b.Lots);
    public static Quantity operator -(Quantity a, Quantity b) => new(a.Lots - b.Lots);
    public static bool operator <(Quantity a, Quantity b) => a.Lots < b.Lots;
    public static bool operator >(Quantity a, Quantity b) => a.Lots > b.Lots;
    public static bool operator <=(Quantity a, Quantity b) => a.Lots <= b.Lots;
    public static bool operator >=(Quantity a, Quantity b) => a.Lots >= b.Lots;

    /// <summary>The smaller of two quantities.</summary>
    public static Quantity Min(Quantity a, Quantity b) => a.Lots <= b.Lots ? a : b;

    public override string ToString() => $"{Lots} lots";
}

/// <summary>An amount of one asset in its smallest unit (10^-decimals); 128 bits, since 9.3 ETH in wei overflows 64.</summary>
public readonly record struct Amount(Int128 Atoms) : IComparable<Amount>
{
    /// <summary>Orders by atoms.</summary>
    public int CompareTo(Amount other) => Atoms.CompareTo(other.Atoms);

    public static Amount operator +(Amount a, Amount b) => new(a.Atoms + b.Atoms);
    public static Amount operator -(Amount a, Amount b) => new(a.Atoms - b.Atoms);
    public static Amount operator -(Amount a) => new(-a.Atoms);
    public static bool operator <(Amount a, Amount b) => a.Atoms < b.Atoms;
    public static bool operator >(Amount a, Amount b) => a.Atoms > b.Atoms;
    public static bool operator <=(Amount a, Amount b) => a.Atoms <= b.Atoms;
    public static bool operator >=(Amount a, Amount b) => a.Atoms >= b.Atoms;

    /// <summary>Largest balance, hold or credit that the engine accepts: 2^120 atoms, so that a sum of 127 never overflows.</summary>
    public static readonly Amount Max = new(Int128.One << 120);

    public override string ToString() => $"{Atoms} atoms";
}
