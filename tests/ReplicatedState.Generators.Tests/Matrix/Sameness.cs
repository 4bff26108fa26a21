using System.Collections;
using System.Runtime.CompilerServices;

namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>Whether two values are the same by what they hold, down to the bits of numbers; collections have no equality of their own.</summary>
internal static class Sameness
{
    public static void Check(object? expected, object? actual)
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null);
            return;
        }

        if (expected is string or Uri)
        {
            Assert.Equal(expected.ToString(), actual.ToString());
            return;
        }

        if (expected is ReadOnlyMemory<byte> memory)
        {
            Assert.Equal(memory.ToArray(), ((ReadOnlyMemory<byte>)actual).ToArray());
            return;
        }

        if (expected is Memory<byte> writable)
        {
            Assert.Equal(writable.ToArray(), ((Memory<byte>)actual).ToArray());
            return;
        }

        Type type = expected.GetType();
        if (Items(expected) is { } items)
        {
            // Through an interface another list may come back, never another kind of set or map.
            Assert.Equal(expected is IList, actual is IList);
            CheckAll(items, Items(actual)!);
            return;
        }

        Assert.Equal(type, actual.GetType());
        if (expected is ITuple tuple)
        {
            CheckAll(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]), Enumerable.Range(0, tuple.Length).Select(i => ((ITuple)actual)[i]));
            return;
        }

        if (type.Assembly == typeof(int).Assembly || type.Namespace == "System.Numerics" || type.IsEnum || expected is Uri)
        {
            Assert.Equal(expected, actual);
            return;
        }

        CheckAll(Members(expected), Members(actual));
    }

    private static void CheckAll(IEnumerable<object?> expected, IEnumerable<object?> actual)
    {
        List<object?> left = [.. expected];
        List<object?> right = [.. actual];
        Assert.Equal(left.Count, right.Count);
        for (int i = 0; i < left.Count; i++)
            Check(left[i], right[i]);
    }

    private static IEnumerable<object?>? Items(object value)
    {
        if (value.GetType() is { IsGenericType: true, Name: "PriorityQueue`2" } queue)
            value = queue.GetProperty("UnorderedItems")!.GetValue(value)!;
        if (value is IEnumerable items && !(value.GetType().GetProperty("IsDefault") is { } isDefault && (bool)isDefault.GetValue(value)!))
            return items.Cast<object?>();
        return value is IEnumerable ? [] : null;
    }

    private static IEnumerable<object?> Members(object value) =>
        value.GetType().GetProperties().Where(static property => property.GetIndexParameters().Length == 0).Select(property => property.GetValue(value))
            .Concat(value.GetType().GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic).Select(field => field.GetValue(value)));
}
