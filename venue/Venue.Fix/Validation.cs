namespace Venue.Fix;

/// <summary>How strictly a message is held against the dictionary. Each flag is a setting of QuickFIX with the same name.</summary>
[Flags]
public enum Validation
{
    /// <summary>As lenient as it goes: form, values and required fields of what the dictionary knows are still looked at.</summary>
    None = 0,
    /// <summary>Header, body and trailer stand in this order (373=14). Without it a field may stand anywhere.</summary>
    FieldsOutOfOrder = 1,
    /// <summary>No field is empty (373=4).</summary>
    FieldsHaveValues = 2,
    /// <summary>Tags of 5000 and above are in the dictionary, and where they belong (373=0 and 2).</summary>
    UserDefinedFields = 4,
    /// <summary>Tags below 5000 are in the dictionary, and where they belong (373=0 and 2). QuickFIX says it the other way round: AllowUnknownMsgFields=N.</summary>
    UnknownMsgFields = 8,
    /// <summary>Fields of a group entry stand in the dictionary's order (373=15).</summary>
    UnorderedGroupFields = 16,
    /// <summary>Everything but the order of fields within a group entry, on which nothing depends.</summary>
    Default = FieldsOutOfOrder | FieldsHaveValues | UserDefinedFields | UnknownMsgFields,
}
