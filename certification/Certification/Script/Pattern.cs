namespace Certification;

/// <summary>What one field of an expected message must be.</summary>
internal enum Comparison { Equal, NotEqual, Contains, Less, AtMost, Greater, AtLeast, Present, Absent, Bind }

/// <summary>One condition of an expected message.</summary>
/// <param name="Tag">Of the field.</param>
/// <param name="How">What is compared.</param>
/// <param name="Value">What it is compared with; null for Present, Absent and Bind.</param>
/// <param name="Variable">What Bind keeps the value as.</param>
internal sealed record Condition(int Tag, Comparison How, Template? Value = null, string? Variable = null);

/// <summary>An expected message: its type and what its fields must be. Fields that are not named may be anything.</summary>
internal sealed record Pattern(string MsgType, IReadOnlyList<Condition> Conditions)
{
    /// <summary>What is wrong with a message, in the order of the pattern; empty when it fits. Binds nothing.</summary>
    public IReadOnlyList<string> Faults(FixMessage message, Vocabulary words, Func<Template, string> valueOf)
    {
        if (message.Type != MsgType) return [$"a {words.MessageName(message.Type)} came, not a {words.MessageName(MsgType)}"];
        var faults = new List<string>();
        foreach (var condition in Conditions)
        {
            var actual = message.Find(condition.Tag);
            var wanted = condition.Value is { } template ? valueOf(template) : "";
            if (!Holds(condition, actual, wanted, words)) faults.Add(Fault(condition, actual, wanted, words));
        }
        return faults;
    }

    private static bool Holds(Condition condition, string? actual, string wanted, Vocabulary words)
    {
        if (condition.How == Comparison.Absent) return actual is null;
        if (actual is null) return false;
        var order = words.IsNumber(condition.Tag) ? DecimalText.Compare(actual, wanted) : null;
        return condition.How switch
        {
            Comparison.Present or Comparison.Bind => actual.Length > 0,
            Comparison.Contains => actual.Contains(wanted, StringComparison.Ordinal),
            Comparison.Equal => order is { } o ? o == 0 : actual == wanted,
            Comparison.NotEqual => order is { } o ? o != 0 : actual != wanted,
            Comparison.Less => order < 0,
            Comparison.AtMost => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static string Fault(Condition condition, string? actual, string wanted, Vocabulary words)
    {
        var name = $"{words.Name(condition.Tag)}({condition.Tag})";
        var value = words.Describe(condition.Tag, wanted);
        var must = condition.How switch
        {
            Comparison.Absent => "must be absent",
            Comparison.Present or Comparison.Bind => "must be present",
            Comparison.Contains => $"must contain '{value}'",
            Comparison.Equal => $"must be {value}",
            Comparison.NotEqual => $"must not be {value}",
            Comparison.Less => $"must be less than {value}",
            Comparison.AtMost => $"must be at most {value}",
            Comparison.Greater => $"must be more than {value}",
            _ => $"must be at least {value}",
        };
        return actual is null ? $"{name} {must}, and is absent" : $"{name} {must}, and is {words.Describe(condition.Tag, actual)}";
    }
}
