namespace Venue.Engine;

/// <summary>A collection as arrays of what is in it, in its own order.</summary>
internal abstract class ImageCollection
{
    /// <summary>The element types of its arrays.</summary>
    public abstract Type[] PartTypes { get; }

    /// <summary>What is in it; nulls when that is about to be read.</summary>
    public abstract Array?[] Take(bool isReading);

    /// <summary>Makes this all that is in it.</summary>
    public abstract void Put(Array[] parts);
}

/// <summary>The collections of the framework that an image knows.</summary>
internal static class ImageCollections
{
    private static readonly Dictionary<Type, Type> Known = new()
    {
        [typeof(List<>)] = typeof(ImageList<>),
        [typeof(Queue<>)] = typeof(ImageQueue<>),
        [typeof(HashSet<>)] = typeof(ImageSet<>),
        [typeof(Dictionary<,>)] = typeof(ImageDictionary<,>),
    };

    public static bool IsCollection(Type type) => type.IsGenericType && Known.ContainsKey(type.GetGenericTypeDefinition());

    /// <summary>Null when it is no collection that is known.</summary>
    public static ImageCollection? Items(object value)
    {
        var type = value.GetType();
        return IsCollection(type)
            ? (ImageCollection)Activator.CreateInstance(Known[type.GetGenericTypeDefinition()].MakeGenericType(type.GetGenericArguments()), value)!
            : null;
    }
}

internal sealed class ImageList<T>(List<T> list) : ImageCollection
{
    public override Type[] PartTypes => [typeof(T)];
    public override Array?[] Take(bool isReading) => [isReading ? null : list.ToArray()];

    public override void Put(Array[] parts)
    {
        list.Clear();
        list.AddRange((T[])parts[0]);
    }
}

internal sealed class ImageQueue<T>(Queue<T> queue) : ImageCollection
{
    public override Type[] PartTypes => [typeof(T)];
    public override Array?[] Take(bool isReading) => [isReading ? null : queue.ToArray()];

    public override void Put(Array[] parts)
    {
        queue.Clear();
        foreach (var item in (T[])parts[0]) queue.Enqueue(item);
    }
}

internal sealed class ImageSet<T>(HashSet<T> set) : ImageCollection
{
    public override Type[] PartTypes => [typeof(T)];
    public override Array?[] Take(bool isReading) => [isReading ? null : set.ToArray()];

    public override void Put(Array[] parts)
    {
        set.Clear();
        set.UnionWith((T[])parts[0]);
    }
}

internal sealed class ImageDictionary<TKey, TValue>(Dictionary<TKey, TValue> dictionary) : ImageCollection where TKey : notnull
{
    public override Type[] PartTypes => [typeof(TKey), typeof(TValue)];
    public override Array?[] Take(bool isReading) => isReading ? [null, null] : [dictionary.Keys.ToArray(), dictionary.Values.ToArray()];

    public override void Put(Array[] parts)
    {
        dictionary.Clear();
        var (keys, values) = ((TKey[])parts[0], (TValue[])parts[1]);
        for (var i = 0; i < keys.Length; i++) dictionary.Add(keys[i], values[i]);
    }
}
