namespace Venue.Fix;

/// <summary>Why a message cannot be taken: SessionRejectReason(373) and RefTagID(371), 0 when there is no tag to name.</summary>
internal readonly record struct Fault(int Reason, int Tag);

/// <summary>
/// Holds a message against the dictionary in one walk over its fields: place, form and value of each, required fields,
/// group counts. Marks the fields of groups in the table (see <see cref="FieldTable"/>).
/// </summary>
/// <remarks>
/// Fields of a group entry may stand in any order after the first one, which delimits the entries (FIX 4.4 vol 1 asks
/// for the dictionary's order; engines in use differ, and nothing depends on it).
/// </remarks>
internal sealed class Validator(FixDictionary dictionary)
{
    private const int DepthMax = 16;

    private readonly Level[] _levels = new Level[DepthMax + 1];

    // One place being filled: level 0 is the header, then the body, then the trailer; the others are group entries.
    private struct Level
    {
        public FieldSet Set;
        public FieldBits Seen;
        public int CountTag, Declared, Entries;
    }

    private enum Section { Header, Body, Trailer }

    /// <summary>True when the message is as defined; otherwise <paramref name="fault"/> is the first thing wrong with it.</summary>
    public bool Check(FieldTable table, ReadOnlySpan<byte> bytes, MessageDefinition message, out Fault fault)
    {
        var tags = table.Tags;
        var section = Section.Header;
        var depth = 0;
        Open(ref _levels[0], dictionary.Header);

        for (var i = 0; i < tags.Length; i++)
        {
            var tag = tags[i];
            var field = dictionary.Field(tag);
            if (field is null) return Bad(RejectReason.InvalidTag, tag, out fault);

            // Find the place that this field belongs to: an outer level, or the next section.
            int index;
            while ((index = _levels[depth].Set.IndexOf(tag)) < 0)
            {
                if (depth > 0)
                {
                    if (!Close(ref _levels[depth], out fault)) return false;
                    depth--;
                    continue;
                }
                if (!Leave(ref section, tag, message, out fault)) return false;
            }

            var extent = table.Value(i);
            var value = bytes.Slice(extent.Start, extent.Length);
            if (value.IsEmpty) return Bad(RejectReason.TagWithoutValue, tag, out fault);
            if (field.Type > FieldType.Text && (i == table.BadData || !FieldFormat.Matches(field.Type, value))) return Bad(RejectReason.WrongFormat, tag, out fault);
            if (field.HasEnum && !field.Allows(value)) return Bad(RejectReason.ValueOutOfRange, tag, out fault);

            ref var level = ref _levels[depth];
            if (depth > 0)
            {
                tags[i] = tag | depth << FieldTable.DepthShift;
                if (index == 0)
                {
                    if (level.Entries > 0 && !HasRequired(level, out fault)) return false;
                    level.Entries++;
                    level.Seen.Clear(level.Set.Words);
                }
                else if (level.Entries == 0)
                {
                    return Bad(RejectReason.GroupOutOfOrder, tag, out fault);
                }
            }
            if (!level.Seen.Add(index)) return Bad(RejectReason.TagAppearsTwice, tag, out fault);

            if (field.Type != FieldType.Count || level.Set.GroupAt(index) is not { } group) continue;
            if (!FieldText.TryInt(value, out var declared)) return Bad(RejectReason.WrongGroupCount, tag, out fault);
            ref var entry = ref _levels[++depth];
            Open(ref entry, group);
            entry.CountTag = tag;
            entry.Declared = declared;
            entry.Entries = 0;
        }

        for (; depth > 0; depth--)
            if (!Close(ref _levels[depth], out fault)) return false;
        // Framing has seen the CheckSum, so the walk ends in the trailer and only its own fields are left to look at.
        return HasRequired(_levels[0], out fault);
    }

    private bool Leave(ref Section section, int tag, MessageDefinition message, out Fault fault)
    {
        ref var level = ref _levels[0];
        switch (section)
        {
            case Section.Header:
                if (!HasRequired(level, out fault)) return false;
                Open(ref level, message.Body);
                section = Section.Body;
                return true;
            case Section.Body:
                if (dictionary.Header.IndexOf(tag) >= 0) return Bad(RejectReason.TagOutOfOrder, tag, out fault);
                if (dictionary.Trailer.IndexOf(tag) < 0) return Bad(RejectReason.NotDefinedForMessage, tag, out fault);
                if (!HasRequired(level, out fault)) return false;
                Open(ref level, dictionary.Trailer);
                section = Section.Trailer;
                return true;
            default:
                return Bad(RejectReason.TagOutOfOrder, tag, out fault);
        }
    }

    private static void Open(ref Level level, FieldSet set)
    {
        level.Set = set;
        level.Seen.Clear(set.Words);
    }

    private static bool Close(ref Level level, out Fault fault)
    {
        if (level.Entries > 0 && !HasRequired(level, out fault)) return false;
        if (level.Entries != level.Declared) return Bad(RejectReason.WrongGroupCount, level.CountTag, out fault);
        fault = default;
        return true;
    }

    private static bool HasRequired(in Level level, out Fault fault)
    {
        fault = default;
        var missing = level.Seen.FirstMissing(level.Set.Required, level.Set.Words);
        return missing < 0 || Bad(RejectReason.RequiredTagMissing, level.Set.TagAt(missing), out fault);
    }

    private static bool Bad(int reason, int tag, out Fault fault)
    {
        fault = new Fault(reason, tag);
        return false;
    }
}
