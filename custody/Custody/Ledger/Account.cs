using System.Globalization;

namespace Custody.Ledger;

/// <summary>
/// What an account stands for. A balance is the sum of its postings: positive where it is owed to somebody, negative
/// where it is held by somebody for us (<see cref="Chain"/>, <see cref="Outside"/>); all of an asset sums to zero.
/// </summary>
public enum AccountKind : byte
{
    /// <summary>A firm's balance at the venue, open orders included. Moved by the venue's feed alone.</summary>
    Firm,

    /// <summary>A firm's balance held for withdrawals. Moved by the venue's feed alone.</summary>
    Withdrawing,

    /// <summary>The house's own balance at the venue (firm 0). Moved by the venue's feed alone.</summary>
    House,

    /// <summary>Trading fees that the house took. Moved by the venue's feed alone.</summary>
    Fees,

    /// <summary>The house's own coins outside the venue; pays the fees of chains.</summary>
    Treasury,

    /// <summary>What our addresses on a chain hold, negative.</summary>
    Chain,

    /// <summary>Between a chain and the venue: one of them has moved, the other not yet.</summary>
    InTransit,

    /// <summary>Counterpart of credits that no chain explains (opening balances, bank money), negative.</summary>
    Outside,
}

/// <summary>One account: what it stands for, whose it is, in which asset.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Owner">Firm number, or CAIP-2 network; empty for the house's own.</param>
/// <param name="Asset">Asset code.</param>
public readonly record struct Account(AccountKind Kind, string Owner, string Asset)
{
    /// <summary>A firm's balance; firm 0 is the house.</summary>
    public static Account Firm(int firm, string asset) =>
        firm == 0 ? new(AccountKind.House, "", asset) : new(AccountKind.Firm, Number(firm), asset);

    /// <summary>A firm's withdrawals under way.</summary>
    public static Account Withdrawing(int firm, string asset) => new(AccountKind.Withdrawing, Number(firm), asset);

    /// <summary>Trading fees.</summary>
    public static Account Fees(string asset) => new(AccountKind.Fees, "", asset);

    /// <summary>The house's coins outside the venue.</summary>
    public static Account Treasury(string asset) => new(AccountKind.Treasury, "", asset);

    /// <summary>What our addresses on a chain hold.</summary>
    public static Account Chain(string chainID, string asset) => new(AccountKind.Chain, chainID, asset);

    /// <summary>Between a chain and the venue.</summary>
    public static Account InTransit(string asset) => new(AccountKind.InTransit, "", asset);

    /// <summary>Credits that no chain explains.</summary>
    public static Account Outside(string asset) => new(AccountKind.Outside, "", asset);

    /// <summary>The account's name in the database: <c>firm/3/BTC</c>, <c>in-transit//ETH</c>.</summary>
    public override string ToString() => $"{KindText(Kind)}/{Owner}/{Asset}";

    /// <summary>Reads <see cref="ToString"/> back.</summary>
    public static Account Parse(string name)
    {
        var first = name.IndexOf('/');
        var last = name.LastIndexOf('/');
        if (first < 0 || last <= first) throw new FormatException($"'{name}' is not the name of an account");
        return new(KindOf(name[..first]), name[(first + 1)..last], name[(last + 1)..]);
    }

    private static string KindText(AccountKind kind) => kind switch
    {
        AccountKind.Firm => "firm",
        AccountKind.Withdrawing => "withdrawing",
        AccountKind.House => "house",
        AccountKind.Fees => "fees",
        AccountKind.Treasury => "treasury",
        AccountKind.Chain => "chain",
        AccountKind.InTransit => "in-transit",
        AccountKind.Outside => "outside",
        _ => throw new InvalidOperationException($"account kind {kind} has no name"),
    };

    private static AccountKind KindOf(string text)
    {
        foreach (var kind in Enum.GetValues<AccountKind>())
            if (KindText(kind) == text) return kind;
        throw new FormatException($"'{text}' is not a kind of account");
    }

    private static string Number(int firm) => firm.ToString(CultureInfo.InvariantCulture);
}
