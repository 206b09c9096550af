namespace Venue.Messages;

/// <summary>On a field that a snapshot leaves out: it belongs to the process, not to what the journal made.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class NotStateAttribute : Attribute;
