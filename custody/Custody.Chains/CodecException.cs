namespace Custody.Chains;

/// <summary>
/// Bytes or text from outside that are not what they should be. The only exception that a parser of this project throws,
/// whatever it is given.
/// </summary>
public sealed class CodecException : Exception
{
    /// <summary>What was read, and what is wrong with it.</summary>
    public CodecException(string message) : base(message) { }

    /// <summary>What was read, and what is wrong with it.</summary>
    public CodecException(string message, Exception inner) : base(message, inner) { }
}
