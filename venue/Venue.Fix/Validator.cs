namespace Venue.Fix;

/// <summary>Why a message cannot be taken: SessionRejectReason(373) and RefTagID(371), 0 when there is no tag to name.</summary>
internal readonly record struct Fault(int Reason, int Tag);

/// <summary>
/// Holds a message against the dictionary in one walk over its fields: place, form and value of each, required fields,
/// group counts. Marks the fields of groups in the table (see <see cref="FieldTable"/>).
/// </summary>
/// <remarks>
/// Fields of a group entry may stand in any order after the first one, which delimits the entries, unless the rules ask
/// for the dictionary's order as FIX 4.4 vol 1 does: engines in use differ, and nothing depends on it.
/// A field that the rules let pass although nobody knows it ends the groups that are open, as it does in QuickFIX.
/// </remarks>
internal sealed class Validator(FixDictionary dictionary, Validation rules = Validation.Default)
{
    private const int DepthMax = 16;

    private readonly Level[] _levels = new Level[DepthMax + 1];
    private readonly Level[] _aside = new Level[3];   // the sections not at hand, when fields may stand in any of them
    private readonly bool _isOrdered = rules.HasFlag(Validation.FieldsOutOfOrder), _isGroupOrdered = rules.HasFlag(Validation.UnorderedGroupFields);
    private readonly bool _haveValues = rules.HasFlag(Validation.FieldsHaveValues);

    // One place being filled: level 0 is the header, then the body, then the trailer; the others are group entries.
    private struct Level
    {
        public FieldSet Set;
        public FieldBits Seen;
        public int CountTag, Declared, Entries, Last;
    }

    private enum Section { Header, Body, Trailer }

    /// <summary>True when the message is as defined; otherwise <paramref name="fault"/> is the first thing wrong with it.</summary>
    public bool Check(FieldTable table, ReadOnlySpan<byte> bytes, MessageDefinition message, out Fault fault)
    {
        var tags = table.Tags;
        var section = Section.Header;
        var depth = 0;
        if (!_isOrdered)
            for (var i = Section.Header; i <= Section.Trailer; i++) Open(ref _aside[(int)i], SetOf(i, message));
        Open(ref _levels[0], dictionary.Header);

        for (var i = 0; i < tags.Length; i++)
        {
            var tag = tags[i];
            var field = dictionary.Field(tag);
            if (field is null && !MayPass(tag)) return Unknown(table, bytes, i, out fault);

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
                if (field is null) break;
                if (Leave(ref section, tag, message, out fault)) continue;
                if (fault.Reason != RejectReason.NotDefinedForMessage || !MayPass(tag)) return false;
                break;
            }

            var extent = table.Value(i);
            var value = bytes.Slice(extent.Start, extent.Length);
            if (!value.IsEmpty)
            {
                if (field is null) continue;
                if (field.Type > FieldType.Text && (i == table.BadData || !FieldFormat.Matches(field.Type, value))) return Bad(RejectReason.WrongFormat, tag, out fault);
                if (field.HasEnum && !field.Allows(value)) return Bad(RejectReason.ValueOutOfRange, tag, out fault);
            }
            else if (_haveValues)
            {
                return Bad(RejectReason.TagWithoutValue, tag, out fault);
            }
            if (index < 0) continue;

            ref var level = ref _levels[depth];
            if (depth > 0)
            {
                tags[i] = tag | depth << FieldTable.DepthShift;
                if (index == 0)
                {
                    if (level.Entries > 0 && !HasRequired(level, out fault)) return false;
                    level.Entries++;
                    level.Seen.Clear(level.Set.Words);
                    level.Last = 0;
                }
                else if (level.Entries == 0)
                {
                    return Bad(RejectReason.GroupOutOfOrder, tag, out fault);
                }
                if (_isGroupOrdered && index < level.Last) return Bad(RejectReason.GroupOutOfOrder, tag, out fault);
                level.Last = index;
            }
            if (!level.Seen.Add(index)) return Bad(RejectReason.TagAppearsTwice, tag, out fault);

            if (field!.Type != FieldType.Count || level.Set.GroupAt(index) is not { } group) continue;
            if (!FieldText.TryInt(value, out var declared)) return Bad(RejectReason.WrongGroupCount, tag, out fault);
            ref var entry = ref _levels[++depth];
            Open(ref entry, group);
            entry.CountTag = tag;
            entry.Declared = declared;
            entry.Entries = 0;
        }

        for (; depth > 0; depth--)
            if (!Close(ref _levels[depth], out fault)) return false;
        if (!_isOrdered)
        {
            _aside[(int)section] = _levels[0];
            foreach (ref var aside in _aside.AsSpan())
                if (!HasRequired(aside, out fault)) return false;
        }
        // Framing has seen the CheckSum, so the walk ends in the trailer and only its own fields are left to look at.
        return HasRequired(_levels[0], out fault);
    }

    /// <summary>What the rules let pass: fields of users, or of a newer FIX, that the dictionary does not have in this place.</summary>
    private bool MayPass(int tag) => tag > 0 && !rules.HasFlag(tag >= Tags.UserDefined ? Validation.UserDefinedFields : Validation.UnknownMsgFields);

    /// <summary>A piece without '=' is the rest of the value before it, which has a delimiter in it; anything else is a wrong tag.</summary>
    private static bool Unknown(FieldTable table, ReadOnlySpan<byte> bytes, int position, out Fault fault)
    {
        var piece = table.Value(position);
        var tag = table.Tags[position];
        return tag == 0 && position > 0 && !bytes.Slice(piece.Start, piece.Length).Contains((byte)'=')
            ? Bad(RejectReason.DelimiterInValue, table.Tags[position - 1] & FieldTable.TagMask, out fault)
            : Bad(RejectReason.InvalidTag, tag, out fault);
    }

    private FieldSet SetOf(Section section, MessageDefinition message) => section switch
    {
        Section.Header => dictionary.Header,
        Section.Body => message.Body,
        _ => dictionary.Trailer,
    };

    /// <summary>To the section that the field belongs to, wherever it stands. Required fields are looked at when all is read.</summary>
    private bool Jump(ref Section section, int tag, MessageDefinition message, out Fault fault)
    {
        fault = default;
        for (var to = Section.Header; to <= Section.Trailer; to++)
        {
            if (SetOf(to, message).IndexOf(tag) < 0) continue;
            _aside[(int)section] = _levels[0];
            _levels[0] = _aside[(int)to];
            section = to;
            return true;
        }
        return Bad(RejectReason.NotDefinedForMessage, tag, out fault);
    }

    private bool Leave(ref Section section, int tag, MessageDefinition message, out Fault fault)
    {
        if (!_isOrdered) return Jump(ref section, tag, message, out fault);
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
