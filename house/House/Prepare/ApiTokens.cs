namespace House.Prepare;

/// <summary>The venue's api-tokens: a line is a role and a token.</summary>
internal static class ApiTokens
{
    /// <summary>The first token of a role.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string Of(string role, string path) =>
        File.ReadLines(path).Select(l => l.Split(' ')).FirstOrDefault(l => l.Length == 2 && l[0] == role)?[1] ?? throw new InvalidDataException($"{path}: no token for the role {role}");
}
