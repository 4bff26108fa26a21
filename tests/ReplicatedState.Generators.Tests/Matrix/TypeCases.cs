namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>Every type that can be encoded, by families.</summary>
public static class TypeCases
{
    public static IReadOnlyList<TypeCase> All { get; } = [.. Scalars, .. Sequences, .. Sets, .. Maps, .. Immutables, .. Tuples, .. Objects];

    private static IEnumerable<TypeCase> Scalars =>
    [
        new("Bool", "bool", "true"),
        new("Char", "char", "'\\uD83D'"),
        new("SByte", "sbyte", "-128"),
        new("Byte", "byte", "255"),
        new("Int16", "short", "-32768"),
        new("UInt16", "ushort", "65535"),
        new("Int32", "int", "int.MinValue"),
        new("UInt32", "uint", "uint.MaxValue"),
        new("Int64", "long", "long.MinValue"),
        new("UInt64", "ulong", "ulong.MaxValue"),
        new("Int128", "Int128", "Int128.MinValue + 1"),
        new("UInt128", "UInt128", "UInt128.MaxValue - 1"),
        new("BigInteger", "BigInteger", "BigInteger.Pow(-7, 60)"),
        new("Half", "Half", "Half.NegativeInfinity"),
        new("Single", "float", "-0.0f"),
        new("Double", "double", "double.Epsilon"),
        new("Complex", "Complex", "new Complex(1.5, -0.25)"),
        new("Decimal", "decimal", "-1.500m"),
        new("String", "string", "\"naïve 🐢\""),
        new("StringOfHalves", "string", "\"\\uDC22a\\uD83D\\uDC22\\uD83D\""),
        new("OptionalString", "string?", "null"),
        new("Rune", "Rune", "new Rune(0x1F422)"),
        new("Guid", "Guid", "new Guid(\"00112233-4455-6677-8899-aabbccddeeff\")"),
        new("DateTimeUtc", "DateTime", "new DateTime(2024, 2, 29, 23, 59, 59, 123, DateTimeKind.Utc)"),
        new("DateTimeLocal", "DateTime", "new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Local)"),
        new("DateTimeUnspecified", "DateTime", "DateTime.MaxValue"),
        new("DateTimeOffset", "DateTimeOffset", "new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.FromMinutes(-570))"),
        new("DateOnly", "DateOnly", "DateOnly.MaxValue"),
        new("TimeOnly", "TimeOnly", "TimeOnly.MaxValue"),
        new("TimeSpan", "TimeSpan", "TimeSpan.MinValue"),
        new("Uri", "Uri", "new Uri(\"https://example.org:8443/a%20b?q=ü#f\")"),
        new("UriRelative", "Uri", "new Uri(\"/a/b?c\", UriKind.Relative)"),
        new("UriJoined", "Uri", "new Uri(new Uri(\"https://example.org/a/\"), \"../b\")"),
        new("Version", "Version", "new Version(1, 2, 3)"),
        new("VersionWhole", "Version", "new Version(1, 2, 3, 4)"),
        new("Index", "Index", "^1"),
        new("Range", "Range", "2..^3"),
        new("Bytes", "byte[]", "[0, 255]"),
        new("Memory", "Memory<byte>", "new byte[] { 1, 2, 3 }.AsMemory(1)"),
        new("ReadOnlyMemory", "ReadOnlyMemory<byte>", "new byte[] { 1, 2, 3 }.AsMemory(1)"),
        new("BitArray", "System.Collections.BitArray", "new System.Collections.BitArray(new[] { true, false, true, true, false, false, false, false, true })"),
        new("EnumSByte", "E", "E.A", "public enum E : sbyte { A = -128 }"),
        new("EnumByte", "E", "E.A", "public enum E : byte { A = 255 }"),
        new("EnumInt16", "E", "E.A", "public enum E : short { A = -32768 }"),
        new("EnumUInt16", "E", "E.A", "public enum E : ushort { A = 65535 }"),
        new("EnumInt32", "E", "E.A | E.B", "[Flags] public enum E { A = 1, B = int.MinValue }"),
        new("EnumUInt32", "E", "E.A", "public enum E : uint { A = uint.MaxValue }"),
        new("EnumInt64", "E", "E.A", "public enum E : long { A = long.MinValue }"),
        new("EnumUInt64", "E", "(E)5", "public enum E : ulong { A = ulong.MaxValue }"),
        new("OptionalInt32", "int?", "-1"),
        new("OptionalEnum", "DayOfWeek?", "null"),
    ];

    private static IEnumerable<TypeCase> Sequences =>
    [
        new("Array", "int[]", "[1, 2]"),
        new("ArrayOfOptional", "string?[]", "[\"a\", null]"),
        new("Jagged", "int[][]", "[[1], [], [2, 3]]"),
        new("JaggedOfBytes", "byte[][]", "[[1], []]"),
        new("List", "List<string>", "[\"x\", \"y\"]"),
        new("LinkedList", "LinkedList<int>", "new([2, 1])"),
        new("Queue", "Queue<long>", "new([2L, 1])"),
        new("Stack", "Stack<string>", "new([\"bottom\", \"top\"])"),
        new("Collection", "Collection<int>", "[2, 1]"),
        new("ReadOnlyCollection", "ReadOnlyCollection<int>", "new([2, 1])"),
        new("IList", "IList<int>", "new List<int> { 2, 1 }"),
        new("ICollection", "ICollection<int>", "new List<int> { 2, 1 }"),
        new("IReadOnlyList", "IReadOnlyList<int>", "[2, 1]"),
        new("IReadOnlyCollection", "IReadOnlyCollection<int>", "[2, 1]"),
        new("PriorityQueue", "PriorityQueue<string, int>", "new([(\"c\", 1), (\"a\", 1), (\"b\", 0), (\"d\", 1)])"),
    ];

    private static IEnumerable<TypeCase> Sets =>
    [
        new("HashSet", "HashSet<string>", "[\"p\", \"q\"]"),
        new("HashSetOfDouble", "HashSet<double>", "[0.0, double.NaN, 1]"),
        new("HashSetOfDecimal", "HashSet<decimal>", "[1.0m, 1.5m]"),
        new("HashSetOfBigInteger", "HashSet<BigInteger>", "[-1, BigInteger.Pow(2, 80)]"),
        new("HashSetOfDateTime", "HashSet<DateTime>", "[DateTime.MinValue]"),
        new("SortedSet", "SortedSet<int>", "[3, 1, 2]"),
        new("SortedSetOfText", "SortedSet<string>", "new(StringComparer.Ordinal) { \"b\", \"B\" }"),
        new("ISet", "ISet<int>", "new HashSet<int> { 3, 1 }"),
        new("IReadOnlySet", "IReadOnlySet<int>", "new HashSet<int> { 3, 1 }"),
        new("FrozenSet", "FrozenSet<string>", "new[] { \"p\" }.ToFrozenSet()"),
    ];

    private static IEnumerable<TypeCase> Maps =>
    [
        new("Dictionary", "Dictionary<string, long>", "new() { [\"a\"] = 1, [\"b\"] = 2 }"),
        new("DictionaryOfSets", "Dictionary<Guid, HashSet<int>>", "new() { [Guid.Empty] = [2, 1] }"),
        new("SortedDictionary", "SortedDictionary<int, string>", "new() { [2] = \"two\", [1] = \"one\" }"),
        new("SortedList", "SortedList<int, string>", "new() { [2] = \"two\", [1] = \"one\" }"),
        new("OrderedDictionary", "OrderedDictionary<int, string>", "new() { [2] = \"two\", [1] = \"one\" }"),
        new("IDictionary", "IDictionary<int, int>", "new Dictionary<int, int> { [2] = 1 }"),
        new("IReadOnlyDictionary", "IReadOnlyDictionary<int, int>", "new Dictionary<int, int> { [2] = 1 }"),
        new("FrozenDictionary", "FrozenDictionary<int, string>", "new Dictionary<int, string> { [2] = \"two\" }.ToFrozenDictionary()"),
    ];

    private static IEnumerable<TypeCase> Immutables =>
    [
        new("ImmutableArray", "ImmutableArray<int>", "[2, 1]"),
        new("ImmutableArrayDefault", "ImmutableArray<int>", "default(ImmutableArray<int>)"),
        new("ImmutableList", "ImmutableList<int>", "[2, 1]"),
        new("ImmutableQueue", "ImmutableQueue<int>", "[2, 1]"),
        new("ImmutableStack", "ImmutableStack<int>", "ImmutableStack.Create(1, 2)"),
        new("ImmutableHashSet", "ImmutableHashSet<string>", "[\"a\"]"),
        new("ImmutableSortedSet", "ImmutableSortedSet<int>", "[2, 1]"),
        new("ImmutableDictionary", "ImmutableDictionary<Guid, int>", "ImmutableDictionary<Guid, int>.Empty.Add(Guid.Empty, 1)"),
        new("ImmutableSortedDictionary", "ImmutableSortedDictionary<int, string>", "ImmutableSortedDictionary<int, string>.Empty.Add(2, \"two\").Add(1, \"one\")"),
        new("IImmutableList", "IImmutableList<int>", "ImmutableList.Create(2, 1)"),
        new("IImmutableQueue", "IImmutableQueue<int>", "ImmutableQueue.Create(2, 1)"),
        new("IImmutableStack", "IImmutableStack<int>", "ImmutableStack.Create(2, 1)"),
        new("IImmutableSet", "IImmutableSet<int>", "ImmutableHashSet.Create(2)"),
        new("IImmutableDictionary", "IImmutableDictionary<int, int>", "ImmutableDictionary<int, int>.Empty.Add(2, 1)"),
    ];

    private static IEnumerable<TypeCase> Tuples =>
    [
        new("ValueTuple", "(int Number, string? Text)", "(1, null)"),
        new("ValueTupleOfOne", "ValueTuple<int>", "new ValueTuple<int>(1)"),
        new("ValueTupleOfNine", "(int, int, int, int, int, int, int, int, string)", "(1, 2, 3, 4, 5, 6, 7, 8, \"nine\")"),
        new("Tuple", "Tuple<int, string>", "new(1, \"one\")"),
        new("TupleOfEight", "Tuple<int, int, int, int, int, int, int, Tuple<string>>", "new(1, 2, 3, 4, 5, 6, 7, new(\"eight\"))"),
        new("KeyValuePair", "KeyValuePair<string, int>", "new(\"key\", 9)"),
    ];

    private static IEnumerable<TypeCase> Objects =>
    [
        new("Record", "R", "new R(\"p\", 9) { Note = \"n\" }", "public sealed record R(string Name, int Rank = 3) { public string? Note { get; set; } public int Twice => Rank * 2; }"),
        new("RecordStruct", "R", "new R(1, \"y\")", "public readonly record struct R(int X, string? Y);"),
        new("Init", "C", "new C { Name = \"i\", Numbers = [1] }", "public sealed class C { public required string Name { get; init; } public List<int> Numbers { get; init; } = []; }"),
        new("Set", "C", "new C { Name = \"s\", @class = 8 }", "public sealed class C { public string Name { get; set; } = \"\"; public int @class { get; set; } = 4; }"),
        new("RequiredByConstructor", "C", "new C(1) { Number = 1 }", "public sealed class C(int number) { public required int Number { get; init; } = number; }"),
        new("PrimaryConstructor", "C", "new C(1, [2])", "public sealed class C(int number, int[] more) { public int Number { get; } = number; public int[] More { get; } = more; }"),
        new("ReadOnlyStruct", "S", "new S(1, \"a\")", "public readonly struct S(int x, string y) { public int X { get; } = x; public readonly string Y = y; }"),
        new("Structure", "S", "new S { X = 1, Y = \"y\" }", "public struct S { public int X; public string? Y; }"),
        new("Empty", "C", "new C()", "public sealed record C;"),
        new("Generic", "G<int, G<string, long?>>", "new(1, new(\"g\", null))", "public sealed record G<T1, T2>(T1 First, T2 Second);"),
        new("Derived", "D", "new D(1, \"own\")", "public abstract record P(int Inherited); public sealed record D(int Inherited, string Own) : P(Inherited);"),
        new("Recursive", "Node", "new Node(\"root\", [new Node(\"leaf\", [])], new Node(\"next\", []))", "public sealed record Node(string Name, List<Node> Children, Node? Next = null);"),
        new("Numbered", "K", "new K { Number = 1, Text = \"k\" }", "[MessagePackObject] public sealed class K { [Key(3)] public string? Text { get; set; } [Key(0)] public int Number { get; set; } [IgnoreMember] public int Skipped { get; set; } }"),
        new("Named", "K", "new K(1) { Text = \"k\", Required = [2] }", "[MessagePackObject] public sealed class K(int number) { [Key(\"text\")] public string? Text { get; set; } [Key(\"n\")] public int Number { get; } = number; [Key(\"a\")] public required int[] Required { get; init; } }"),
        new("NamedByProperty", "K", "new K { Number = 1 }", "[MessagePackObject(true)] public sealed class K { public int Number { get; set; } [IgnoreMember] public int Skipped { get; set; } public K? Next { get; set; } }"),
        new("MarkedConstructor", "K", "new K(1, 2)", "[MessagePackObject] public sealed class K { public K(int a, int b) { A = a; B = b; } [SerializationConstructor] public K(int a) { A = a; } [Key(0)] public int A { get; } [Key(1)] public int B { get; set; } }"),
        new("Union", "IShape", "new Circle(2)", """
            [Union(0, typeof(Circle)), Union(7, typeof(Square)), Union(3, typeof(Group))] public interface IShape;
            public sealed record Circle(int Radius) : IShape;
            public readonly record struct Square(int Side) : IShape;
            public sealed record Group(IShape[] Parts, string Name) : IShape;
            """),
        new("UnionOfClasses", "Shape", "new Ring(2) { Name = \"r\", Width = 1 }", """
            [Union(1, typeof(Circle)), Union(2, typeof(Ring))] public abstract class Shape { public string Name { get; set; } = ""; }
            public class Circle(int radius) : Shape { public int Radius { get; } = radius; }
            public sealed class Ring(int radius) : Circle(radius) { public int Width { get; set; } }
            """),
        new("UnionRecursive", "IShape", "new Group([new Circle(1), new Square(2), new Group([], \"g\")], \"h\")", """
            [Union(0, typeof(Circle)), Union(7, typeof(Square)), Union(3, typeof(Group))] public interface IShape;
            public sealed record Circle(int Radius) : IShape;
            public readonly record struct Square(int Side) : IShape;
            public sealed record Group(IShape[] Parts, string Name) : IShape { public bool Equals(Group? other) => other is not null && Name == other.Name && Parts.SequenceEqual(other.Parts); public override int GetHashCode() => 0; }
            """),
        new("Formatted", "Money", "new Money(12345)", """
            [MessagePackFormatter(typeof(MoneyFormatter))] public sealed class Money(long cents) { private readonly long _cents = cents; public long Cents() => _cents; public override bool Equals(object? obj) => obj is Money m && m._cents == _cents; public override int GetHashCode() => 0; }
            public sealed class MoneyFormatter : IMessagePackFormatter<Money?>
            {
                public void Serialize(ref MessagePackWriter writer, Money? value, MessagePackSerializerOptions options) { if (value is null) writer.WriteNil(); else writer.Write(value.Cents()); }
                public Money? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => new(reader.ReadInt64());
            }
            """),
        new("FormattedMember", "Holder", "new Holder(77)", """
            public sealed record Holder([property: MessagePackFormatter(typeof(Hidden))] int Number);
            public sealed class Hidden : IMessagePackFormatter<int>
            {
                public static readonly Hidden Instance = new();
                private Hidden() { }
                public void Serialize(ref MessagePackWriter writer, int value, MessagePackSerializerOptions options) => writer.Write(~value);
                public int Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => ~reader.ReadInt32();
            }
            """),
        new("FormattedEnum", "Paint", "new Paint(Colour.Green)", "public enum Colour { Red, Green } public sealed record Paint([property: MessagePackFormatter(typeof(EnumAsStringFormatter<Colour>))] Colour Colour);"),
        new("FormattedByResolver", "Parcel", "new Parcel([1, -2], new Guid(\"00112233-4455-6677-8899-aabbccddeeff\"), 1.5m)", """
            [MessagePackFormatter(typeof(ParcelFormatter))] public sealed record Parcel(int[] Numbers, Guid Id, decimal? Weight) { public bool Equals(Parcel? other) => other is not null && Id == other.Id && Weight == other.Weight && Numbers.SequenceEqual(other.Numbers); public override int GetHashCode() => 0; }
            public sealed class ParcelFormatter : IMessagePackFormatter<Parcel?>
            {
                public void Serialize(ref MessagePackWriter writer, Parcel? value, MessagePackSerializerOptions options)
                {
                    writer.WriteArrayHeader(3);
                    options.Resolver.GetFormatterWithVerify<int[]>().Serialize(ref writer, value!.Numbers, options);
                    options.Resolver.GetFormatterWithVerify<Guid>().Serialize(ref writer, value.Id, options);
                    options.Resolver.GetFormatterWithVerify<decimal?>().Serialize(ref writer, value.Weight, options);
                }
                public Parcel? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => reader.ReadArrayHeader() != 3 ? throw new MessagePackSerializationException("No parcel.") : new(
                    options.Resolver.GetFormatterWithVerify<int[]>().Deserialize(ref reader, options),
                    options.Resolver.GetFormatterWithVerify<Guid>().Deserialize(ref reader, options),
                    options.Resolver.GetFormatterWithVerify<decimal?>().Deserialize(ref reader, options));
            }
            """),
    ];
}
