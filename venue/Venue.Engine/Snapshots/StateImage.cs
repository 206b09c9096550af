using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Matching;

namespace Venue.Engine;

/// <summary>
/// The image of an object with all that it refers to: every field of every object, so that none can be forgotten. The same
/// walk writes it and reads it back into an object of the same kind.
/// </summary>
/// <remarks>
/// Objects that are met twice are one object again. What belongs to the process is either marked
/// <see cref="Venue.Messages.NotStateAttribute"/> or given by the caller as outside: it is named, not walked. A field that can hold something else
/// than it says, a delegate, a pointer or an unknown collection has no image; the walk throws, naming it.
/// </remarks>
public sealed class StateImage
{
    private const int Null = -1, New = 0, FirstOutside = -2;

    private readonly ImageBytes _bytes;
    private readonly IReadOnlyList<object> _outside;
    private readonly Dictionary<object, int> _numberOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _met = [];

    private StateImage(ImageBytes bytes, IReadOnlyList<object> outside)
    {
        _bytes = bytes;
        _outside = outside;
    }

    /// <summary>Writes the roots, or reads them back into these, which were made as those were and have done nothing.</summary>
    /// <param name="roots">Where the walk begins, in this order.</param>
    /// <param name="outside">What is named by its place here and not walked, in the same order when it is read.</param>
    /// <param name="bytes">The image.</param>
    /// <exception cref="InvalidDataException">The bytes are no such image.</exception>
    public static void Move(IReadOnlyList<object> roots, IReadOnlyList<object> outside, ImageBytes bytes)
    {
        var image = new StateImage(bytes, outside);
        // Known before the first is walked: they refer to each other.
        foreach (var root in roots) image.Meet(root);
        foreach (var root in roots) image.MoveContent(root, root.GetType());
    }

    private bool IsReading => _bytes.IsReading;

    private int Meet(object value)
    {
        _met.Add(value);
        _numberOf[value] = _met.Count;
        return _met.Count;
    }

    private object? MoveReference(object? value, Type declared, string where)
    {
        var tag = IsReading ? 0 : TagOf(value);
        _bytes.Move(ref tag);
        if (tag == Null) return null;
        if (tag <= FirstOutside) return _outside[FirstOutside - tag];
        if (tag != New) return tag <= _met.Count ? _met[tag - 1] : throw new InvalidDataException($"{where}: object {tag} of {_met.Count}");
        if (declared.IsInterface || declared.IsAbstract || declared == typeof(object) || typeof(Delegate).IsAssignableFrom(declared) || (value is not null && !IsReading && value.GetType() != declared))
            throw new NotSupportedException($"{where}: what a field of type {declared} holds has no image");
        if (declared == typeof(string)) return MoveString((string?)value);
        if (declared.IsArray) return MoveArray((Array?)value, declared.GetElementType()!, where, isMet: true);
        value = IsReading ? value ?? Make(declared, where) : value!;
        Meet(value);
        if (ImageCollections.Items(value) is { } items) MoveCollection(value, items, where);
        else MoveContent(value, declared);
        return value;
    }

    private int TagOf(object? value)
    {
        if (value is null) return Null;
        for (var i = 0; i < _outside.Count; i++)
            if (ReferenceEquals(_outside[i], value)) return FirstOutside - i;
        return _numberOf.GetValueOrDefault(value, New);
    }

    private static object Make(Type type, string where)
    {
        if (typeof(IFixedMemory).IsAssignableFrom(type)) throw new NotSupportedException($"{where}: a {type} is made by its owner");
        return ImageCollections.IsCollection(type) ? Activator.CreateInstance(type)! : RuntimeHelpers.GetUninitializedObject(type);
    }

    private string MoveString(string? value)
    {
        var length = value?.Length ?? 0;
        _bytes.Move(ref length);
        var text = IsReading ? new char[length] : value!.ToCharArray();
        _bytes.Move(MemoryMarshal.AsBytes(text.AsSpan()));
        // A text is no identity: it is not met again, only written again.
        return new string(text);
    }

    private void MoveCollection(object collection, ImageCollection items, string where)
    {
        var parts = items.Take(IsReading);
        for (var i = 0; i < parts.Length; i++) parts[i] = MoveArray(parts[i], items.PartTypes[i], $"{where} ({collection.GetType().Name})", isMet: false);
        if (IsReading) items.Put(parts!);
    }

    private Array MoveArray(Array? array, Type element, string where, bool isMet)
    {
        var length = array?.Length ?? 0;
        _bytes.Move(ref length);
        if (IsReading && (array is null || array.Length != length)) array = Array.CreateInstance(element, length);
        if (isMet) Meet(array!);
        if (ImageLayout.IsPlain(element))
        {
            if (!IsReading) ImageLayout.ClearPadding(element, ref MemoryMarshal.GetArrayDataReference(array!), length);
            _bytes.MoveSparse(ref MemoryMarshal.GetArrayDataReference(array!), (long)length * ImageLayout.SizeOf(element));
            return array!;
        }
        for (var i = 0; i < length; i++)
        {
            var value = element.IsValueType ? MoveStruct(array!.GetValue(i)!, element) : MoveReference(array!.GetValue(i), element, $"{where}[{i}]");
            if (IsReading) array.SetValue(value, i);
        }
        return array!;
    }

    private void MoveContent(object value, Type type)
    {
        if (value is IFixedMemory memory)
        {
            var length = memory.ByteLength;
            _bytes.Move(ref length);
            if (length != memory.ByteLength) throw new InvalidDataException($"{type}: the image has {length} bytes, here are {memory.ByteLength}");
            _bytes.MoveSparse(ref memory.First, length);
            return;
        }
        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsValueType) throw new NotSupportedException($"A {type} has no image");
        foreach (var field in ImageLayout.FieldsOf(type))
        {
            var part = field.GetValue(value);
            part = ImageLayout.IsPlain(field.FieldType) ? ImageLayout.MovePlain(_bytes, part, field.FieldType)
                : field.FieldType.IsValueType ? MoveStruct(part!, field.FieldType)
                : MoveReference(part, field.FieldType, $"{type}.{field.Name}");
            if (IsReading) field.SetValue(value, part);
        }
    }

    private object MoveStruct(object boxed, Type type)
    {
        MoveContent(boxed, type);
        return boxed;
    }
}
