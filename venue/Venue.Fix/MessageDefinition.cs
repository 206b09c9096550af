namespace Venue.Fix;

/// <summary>One message of the dictionary.</summary>
internal sealed class MessageDefinition(byte[] type, string name, bool isAdmin, FieldSet body)
{
    public byte[] Type { get; } = type;
    public string Name { get; } = name;

    /// <summary>Session-level: handled by <see cref="Session"/> itself.</summary>
    public bool IsAdmin { get; } = isAdmin;

    public FieldSet Body { get; } = body;
}
