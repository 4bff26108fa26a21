using System.Collections.Immutable;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>Values of every encodable kind, with the awkward ones among them.</summary>
internal static class Samples
{
    public static Scalars Scalars { get; } = new(
        true,
        '\uFFFD',
        sbyte.MinValue,
        byte.MaxValue,
        short.MinValue,
        ushort.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MinValue,
        ulong.MaxValue,
        Int128.MinValue,
        UInt128.MaxValue,
        Half.Epsilon,
        float.NegativeInfinity,
        -0.0,
        new decimal(-1_500, -1, 7, true, 28),
        "naïve 🐢",
        null,
        new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Local),
        new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.FromMinutes(-570)),
        DateOnly.MaxValue,
        TimeOnly.MaxValue,
        TimeSpan.MinValue,
        Color.Blue,
        Wide.Top,
        5,
        null,
        null);

    public static Collections Collections { get; } = new(
        [0, 255],
        [1, 2],
        ["a", null],
        [[1], [], [2, 3]],
        ["x", "y"],
        [null],
        new() { ["a"] = 1, ["b"] = long.MaxValue },
        new() { [Guid.Empty] = [new Point(1, 2)] },
        new() { [2] = "two", [1] = "one" },
        new() { [2] = "two", [1] = "one" },
        ["p", "q"],
        [3, 1, 2],
        new([1L, 2]),
        new(["bottom", "top"]),
        new([1, 2]),
        [new Point(-1, 5)],
        (1, "one"),
        (1, ("b", null)),
        new("key", 9),
        [1, 2],
        [],
        new Dictionary<string, Dictionary<int, List<string>>> { ["deep"] = new() { [1] = ["deeper"] } },
        new HashSet<int> { 4 },
        [5],
        [6],
        new Dictionary<int, int> { [7] = 8 },
        new HashSet<int> { 9 });

    public static Objects Objects { get; } = new(
        new Positional("p", 9) { Note = "n" },
        new InitOnly { Name = "i", Numbers = [1] },
        new Settable { Name = "s", @class = 8, Cache = 99 },
        new Keyed { Number = 1, Text = "k", Skipped = 5 },
        new Structure { X = 1, Y = "y" },
        new Node("root", [new Node("leaf", [])], new Node("next", [])),
        new Generic<int, string>(1, "g"),
        new Derived(1, "own"));
}
