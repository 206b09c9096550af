namespace Venue.Fix;

/// <summary>The form of a value (FIX 4.4 vol 1, field data types), as far as forms differ.</summary>
public enum FieldType : byte
{
    /// <summary>Not defined in the dictionary.</summary>
    None,
    /// <summary>Any bytes but the delimiter (STRING, CURRENCY, EXCHANGE, COUNTRY).</summary>
    Text,
    /// <summary>One byte.</summary>
    Char,
    /// <summary>Y or N.</summary>
    Boolean,
    /// <summary>Digits, perhaps with a minus sign.</summary>
    Int,
    /// <summary>Digits only: LENGTH, SEQNUM, NUMINGROUP.</summary>
    Count,
    /// <summary>1 to 31.</summary>
    DayOfMonth,
    /// <summary>Digits with at most one point, perhaps with a minus sign: PRICE, QTY, AMT, FLOAT, PERCENTAGE, PRICEOFFSET.</summary>
    Decimal,
    /// <summary>YYYYMMDD-HH:MM:SS with up to 12 fraction digits.</summary>
    UtcTimestamp,
    /// <summary>HH:MM:SS with up to 12 fraction digits.</summary>
    UtcTimeOnly,
    /// <summary>YYYYMMDD.</summary>
    Date,
    /// <summary>YYYYMM, YYYYMMDD or YYYYMMwN.</summary>
    MonthYear,
    /// <summary>Texts with one space between them.</summary>
    MultipleText,
    /// <summary>Any bytes: the length field before it says how many.</summary>
    Data,
}
