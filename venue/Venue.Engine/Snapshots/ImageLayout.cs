using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Which fields an image has, in which order, and a number that changes whenever any of that changes.</summary>
public static class ImageLayout
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();
    private static readonly ConcurrentDictionary<Type, Plain?> PlainTypes = new();

    /// <summary>The layout of everything that can be reached from these types, whatever the generic arguments.</summary>
    public static ulong Of(params Type[] roots)
    {
        var hasher = new StateHasher();
        var seen = new HashSet<Type>();
        foreach (var root in roots) Add(root, ref hasher, seen);
        return hasher.Value;
    }

    /// <summary>The fields of an object that are state, those of its base first, each class's in the order of its source.</summary>
    internal static FieldInfo[] FieldsOf(Type type) => Fields.GetOrAdd(type, static t =>
    {
        var own = t.GetFields(Declared).Where(f => f.GetCustomAttribute<NotStateAttribute>() is null).OrderBy(f => f.MetadataToken);
        return t.BaseType is null || t.BaseType == typeof(object) || t.IsValueType ? [.. own] : [.. FieldsOf(t.BaseType), .. own];
    });

    /// <summary>True for a value without any reference: its bytes say all.</summary>
    internal static bool IsPlain(Type type) => PlainOf(type) is not null;

    /// <summary>Bytes of a plain value.</summary>
    internal static int SizeOf(Type type) => PlainOf(type)!.Size;

    /// <summary>Makes what lies between the fields of these values zero: it is whatever was in a register or on a stack, and no state.</summary>
    internal static void ClearPadding(Type type, ref byte first, long count) => PlainOf(type)!.ClearPadding(ref first, count);

    internal static object? MovePlain(ImageBytes bytes, object? value, Type type) => PlainOf(type)!.Move(bytes, value);

    private static void Add(Type type, ref StateHasher hasher, HashSet<Type> seen)
    {
        var name = type.IsGenericType ? type.GetGenericTypeDefinition().ToString() : type.ToString();
        if (type.IsArray) name = "array";
        Add(name, ref hasher);
        if (!seen.Add(type)) return;
        if (IsPlain(type)) hasher.Add(SizeOf(type));
        if (type.IsArray) Add(type.GetElementType()!, ref hasher, seen);
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsInterface || typeof(Delegate).IsAssignableFrom(type)) return;
        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
        {
            foreach (var argument in type.GetGenericArguments()) Add(argument, ref hasher, seen);
            return;
        }
        foreach (var field in FieldsOf(type))
        {
            Add(field.Name, ref hasher);
            Add(field.FieldType, ref hasher, seen);
        }
    }

    private static void Add(string text, ref StateHasher hasher)
    {
        foreach (var c in text) hasher.Add(c);
        hasher.Add(text.Length);
    }

    private static Plain? PlainOf(Type type) => PlainTypes.GetOrAdd(type, static t =>
    {
        if (!t.IsValueType || t.IsPointer || t.IsByRefLike) return null;
        var isManaged = (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(t).Invoke(null, null)!;
        return isManaged ? null : (Plain)Activator.CreateInstance(typeof(Plain<>).MakeGenericType(t))!;
    });

    /// <summary>A value without references, all its fields' bytes set.</summary>
    private static object OnesOf(Type type)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var isWhole = type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsDefined(typeof(InlineArrayAttribute)) || type.IsExplicitLayout || Nullable.GetUnderlyingType(type) is not null;
        var value = PlainOf(type)!.Ones(isWhole);
        if (isWhole) return value;
        foreach (var field in fields) field.SetValue(value, OnesOf(field.FieldType));
        return value;
    }

    private abstract class Plain
    {
        public abstract int Size { get; }
        public abstract object? Move(ImageBytes bytes, object? value);

        /// <summary>A value of which every byte of every field is set, and none between them.</summary>
        public abstract object Ones(bool isWhole);

        public abstract void ClearPadding(ref byte first, long count);
    }

    private sealed class Plain<T> : Plain
    {
        private readonly Lazy<int[]> _padding = new(FindPadding);

        public override int Size => Unsafe.SizeOf<T>();

        public override object? Move(ImageBytes bytes, object? value)
        {
            // T may be a nullable one: then null is a value too.
            var copy = (T)value!;
            var span = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref copy), Unsafe.SizeOf<T>());
            ClearPadding(ref span[0], 1);
            bytes.Move(span);
            return copy;
        }

        public override object Ones(bool isWhole)
        {
            var value = default(T)!;
            if (isWhole) System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>()).Fill(byte.MaxValue);
            return value!;
        }

        public override void ClearPadding(ref byte first, long count)
        {
            if (_padding.Value.Length == 0) return;
            for (long i = 0; i < count; i++)
                foreach (var at in _padding.Value) Unsafe.Add(ref first, (nint)(i * Unsafe.SizeOf<T>() + at)) = 0;
        }

        private static int[] FindPadding()
        {
            var value = (T)OnesOf(typeof(T));
            var bytes = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>()).ToArray();
            return [.. Enumerable.Range(0, bytes.Length).Where(at => bytes[at] == 0)];
        }
    }
}
