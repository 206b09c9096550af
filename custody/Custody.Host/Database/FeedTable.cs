using Custody.Settlement;

namespace Custody.Host.Database;

/// <summary>How far the venue's feed is booked, and the names of its numbers.</summary>
public static class FeedTable
{
    /// <summary>The last command that is wholly booked; 0 for none.</summary>
    public static long Seq(Unit unit) => unit.Query("select seq from feed_cursor", r => r.GetInt64(0))[0];

    /// <summary>Moves the cursor with what this transaction books. Throws when somebody else has moved it.</summary>
    public static void MoveTo(Unit unit, long fromSeq, long throughSeq)
    {
        if (unit.Execute("update feed_cursor set seq = $2 where seq = $1", fromSeq, throughSeq) != 1)
            throw new InvalidOperationException($"Settlement: the cursor is not at {fromSeq} any more, another host books the same feed");
    }

    /// <summary>Writes a name down; the same again is nothing new.</summary>
    public static void Name(Unit unit, VenueEvent named)
    {
        switch (named)
        {
            case AssetNamed a:
                unit.Execute("insert into venue_asset (number, code, decimals) values ($1, $2, $3) on conflict (number) do update set code = excluded.code, decimals = excluded.decimals", a.Asset, a.Code, a.Decimals);
                break;
            case InstrumentNamed i:
                unit.Execute("insert into venue_instrument (number, symbol, base_asset, quote_asset) values ($1, $2, $3, $4) on conflict (number) do update set symbol = excluded.symbol, base_asset = excluded.base_asset, quote_asset = excluded.quote_asset", i.Instrument, i.Symbol, i.BaseAsset, i.QuoteAsset);
                break;
            case FirmNamed f:
                unit.Execute("insert into venue_firm (number, name) values ($1, $2) on conflict (number) do update set name = excluded.name", f.Firm, f.Name);
                break;
        }
    }

    /// <summary>All names, as the events that gave them.</summary>
    public static IReadOnlyList<VenueEvent> Names(Unit unit) =>
    [
        .. unit.Query("select number, code, decimals from venue_asset", r => new AssetNamed(0, 0, r.GetInt32(0), r.GetString(1), r.GetInt32(2))),
        .. unit.Query("select number, symbol, base_asset, quote_asset from venue_instrument", r => new InstrumentNamed(0, 0, r.GetInt32(0), r.GetString(1), r.GetInt32(2), r.GetInt32(3))),
        .. unit.Query("select number, name from venue_firm", r => new FirmNamed(0, 0, r.GetInt32(0), r.GetString(1))),
    ];

    /// <summary>The venue's number of an asset; null while the feed has not named it.</summary>
    public static int? AssetNumber(Unit unit, string code)
    {
        var found = unit.Query("select number from venue_asset where code = $1", r => r.GetInt32(0), code);
        return found.Count == 0 ? null : found[0];
    }
}
