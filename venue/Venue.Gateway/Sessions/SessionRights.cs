namespace Venue.Gateway;

/// <summary>The application messages that a session may send, one bit each.</summary>
public readonly struct SessionRights
{
    // UserRequest (BE): what is left of the session's rate.
    private static readonly string[] Reference = ["x", "c", "e", "g", "BE"];
    private static readonly string[] PostTrade = ["AD", "AN", "BB"];

    private static readonly Dictionary<SessionKind, string[]> Kinds = new()
    {
        [SessionKind.OrderEntry] = ["R", "AJ", "D", "F", "G", "H", "q", "AF", "V", .. PostTrade, .. Reference],
        [SessionKind.MarketData] = ["V", .. Reference],
        [SessionKind.DropCopy] = ["AF", .. PostTrade, .. Reference],
        [SessionKind.LiquidityProvider] = ["i", "S", "Z", "a", "AH", "AG", "AI", "R", "AJ", "D", "F", "G", "H", "q", "AF", "V", .. PostTrade, .. Reference],
        [SessionKind.Operator] = ["q", "AF", "V", "B", .. PostTrade, .. Reference],
    };

    private static readonly SessionRights Any = new(Kinds.Values.SelectMany(types => types));

    // Types of one character by that character less '0', those of two by their second less 'A' and its first.
    private readonly UInt128 _one;
    private readonly ulong _two;

    private SessionRights(IEnumerable<string> types)
    {
        foreach (var type in types)
        {
            if (type.Length == 1) _one |= UInt128.One << Place(type[0]);
            else _two |= 1UL << Place(type[0], type[1]);
        }
    }

    /// <summary>True when some kind of session may send messages of this type.</summary>
    public static bool IsTaken(ReadOnlySpan<byte> msgType) => Any.May(msgType);

    /// <summary>All that the kind may send, by MsgType(35).</summary>
    public static IReadOnlyList<string> TypesOf(SessionKind kind) => Kinds[kind];

    /// <summary>All that the kind may send.</summary>
    public static SessionRights Of(SessionKind kind) => new(Kinds[kind]);

    /// <summary>Some of what the kind may send; false, and the type that it may not send, when it is not.</summary>
    public static bool TryNarrow(SessionKind kind, IReadOnlyCollection<string> types, out SessionRights rights, out string? fault)
    {
        fault = types.FirstOrDefault(type => !Kinds[kind].Contains(type));
        rights = fault is null ? new SessionRights(types) : default;
        return fault is null;
    }

    /// <summary>True when the session may send messages of this type.</summary>
    public bool May(ReadOnlySpan<byte> msgType) => msgType.Length switch
    {
        1 => (_one >> Place((char)msgType[0]) & UInt128.One) != 0,
        2 when msgType[0] is (byte)'A' or (byte)'B' && msgType[1] is >= (byte)'A' and <= (byte)'Z' => (_two >> Place((char)msgType[0], (char)msgType[1]) & 1) != 0,
        _ => false,
    };

    private static int Place(char one) => (one - '0') & 127;

    // FIX 4.4 has AA to AZ and BA to BH.
    private static int Place(char first, char second) => (first - 'A') * 26 + second - 'A';
}
