using System.Collections.Immutable;
using MessagePack;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A machine that takes, returns and keeps every kind of type that can be encoded.</summary>
[ReplicatedStateMachine("everything", Version = 3)]
public sealed partial class Everything
{
    [State(1)] private Scalars? _scalars;
    [State(2)] private Collections? _collections;
    [State(3)] private Objects? _objects;
    [State(4)] private readonly Dictionary<string, int> _caseless = new(StringComparer.OrdinalIgnoreCase);
    [State(5)] private readonly HashSet<long> _set = [];
    [State(6)] private readonly SortedSet<string> _backwards = new(Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a)));
    [State(7)] private readonly Queue<(int, string)> _queue = [];
    [State(8)] private readonly Stack<int> _stack = [];
    [State(9)] private readonly List<Secret> _secrets = [];
    [State(10)] private Dictionary<Guid, List<decimal?>>? _lazy;
    [State(11)] public int Count { get; private set; }
    [State(12, Since = 3)] private ImmutableArray<string> _tags = ["none"];
    [State(13)] private readonly LinkedList<DateOnly> _dates = [];
    [State(14)] private string[] _slots = new string[3];
#pragma warning disable CA1859 // an interface on purpose
    [State(15)] private readonly IDictionary<int, HashSet<string>> _byInterface = new SortedDictionary<int, HashSet<string>>();
#pragma warning restore CA1859
    [Transient] private readonly object _gate = new();

    public IEqualityComparer<string> Comparer => _caseless.Comparer;

    public string Backwards => string.Concat(_backwards);

    public string Stacked => string.Join(",", _stack);

    public bool HasGate => _gate is not null;

    [Command]
    public void Keep(Scalars scalars, Collections collections, Objects objects)
    {
        _scalars = scalars;
        _collections = collections;
        _objects = objects;
    }

    [Command]
    public int Fill(int seed)
    {
        Count++;
        _caseless[$"Key{seed}"] = seed;
        _set.Add(seed);
        _backwards.Add($"{seed}");
        _queue.Enqueue((seed, $"{seed}"));
        _stack.Push(seed);
        _secrets.Add(new Secret($"s{seed}", [seed]));
        (_lazy ??= []).Add(new Guid(seed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), [seed, null, 1.50m]);
        _tags = _tags.Add($"{seed}");
        _dates.AddLast(new DateOnly(2000, 1, 1).AddDays(seed));
        _slots[seed % 3] = $"{seed}";
        _byInterface[-seed] = ["x", $"{seed}"];
        return Count;
    }

    [Command]
    public void Drop(int seed)
    {
        _caseless.Remove($"key{seed}");
        _set.Remove(seed);
        _lazy?.Remove(new Guid(seed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    }

    [Query] public Scalars EchoScalars(Scalars value) => value;

    [Query] public Collections EchoCollections(Collections value) => value;

    [Query] public Objects? EchoObjects(Objects? value) => value;

    [Query] public (int Number, string? Text)? EchoTuple((int Number, string? Text)? value) => value;

    [Query] public Node EchoNode(Node value) => value;

    [Query] public IReadOnlyDictionary<string, IReadOnlyList<Point>> EchoInterfaces(IReadOnlyDictionary<string, IReadOnlyList<Point>> value) => value;

    [Query]
    public string Defaults(
        int number = -5,
        string text = "a \"quoted\" \n text",
        Color color = Color.Blue,
        double half = 0.5,
        float nan = float.NaN,
        decimal money = 1.10m,
        char letter = '\'',
        long? maybe = long.MinValue,
        Point point = default,
        bool flag = true,
        byte small = 7,
        ulong big = ulong.MaxValue,
        string? nothing = null) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}|{text}|{color}|{half}|{nan}|{money}|{letter}|{maybe}|{point}|{flag}|{small}|{big}|{nothing}");

    /// <summary>Names that emitted code uses itself, and keywords.</summary>
    [Query]
    public int Awkward(int reader, int writer, int request, int reply, int call, int result, int argument, int argumentCount, int @event, int cancellationToken, int consistency, int id, int error, int value) =>
        reader + writer + request + reply + call + result + argument + argumentCount + @event + cancellationToken + consistency + id + error + value;

    /// <summary>Known to the machine alone, so its codec must be too.</summary>
    private sealed record Secret(string Text, List<int> Numbers);
}

public enum Color : byte
{
    Red = 1,
    Blue = 200,
}

public enum Wide : ulong
{
    Top = ulong.MaxValue,
}

public readonly record struct Point(int X, int Y);

public sealed record Scalars(
    bool Flag,
    char Letter,
    sbyte I8,
    byte U8,
    short I16,
    ushort U16,
    int I32,
    uint U32,
    long I64,
    ulong U64,
    Int128 I128,
    UInt128 U128,
    Half F16,
    float F32,
    double F64,
    decimal Money,
    string Text,
    string? NoText,
    Guid Id,
    DateTime Local,
    DateTimeOffset Moment,
    DateOnly Day,
    TimeOnly Time,
    TimeSpan Span,
    Color Color,
    Wide Wide,
    int? Some,
    int? None,
    Color? NoColor);

public sealed record Collections(
    byte[] Bytes,
    int[] Array,
    string?[]? NullableArray,
    int[][] Jagged,
    List<string> List,
    List<string?> NullableList,
    Dictionary<string, long> Map,
    Dictionary<Guid, List<Point>> MapOfLists,
    SortedDictionary<int, string> SortedMap,
    SortedList<int, string> SortedList,
    HashSet<string> Set,
    SortedSet<int> SortedSet,
    Queue<long> Queue,
    Stack<string> Stack,
    LinkedList<int> Linked,
    ImmutableArray<Point> Immutable,
    (int, string) Pair,
    (int A, (string B, long? C) D) Nested,
    KeyValuePair<string, int> Entry,
    IReadOnlyList<int> ReadOnlyList,
    IReadOnlyCollection<int> ReadOnlyCollection,
    IReadOnlyDictionary<string, Dictionary<int, List<string>>> Deep,
    IReadOnlySet<int> ReadOnlySet,
    IList<int> IList,
    ICollection<int> ICollection,
    IDictionary<int, int> IDictionary,
    ISet<int> ISet);

public sealed record Objects(Positional Positional, InitOnly InitOnly, Settable Settable, Keyed Keyed, Structure Structure, Node Tree, Generic<int, string> Generic, Derived Derived);

public sealed record Positional(string Name, int Rank = 3)
{
    public string? Note { get; set; }

    /// <summary>Computed, so not encoded.</summary>
    public int Twice => Rank * 2;
}

public sealed record InitOnly
{
    public required string Name { get; init; }

    public List<int> Numbers { get; init; } = [];
}

public sealed class Settable
{
    public string Name { get; set; } = "";

    public int @class { get; set; } = 4;

    [IgnoreMember]
    public int Cache { get; set; }
}

[MessagePackObject]
public sealed class Keyed
{
    [Key(3)] public string? Text { get; set; }

    [Key(0)] public int Number { get; set; }

    [IgnoreMember] public int Skipped { get; set; }
}

public struct Structure
{
    public int X;
    public string? Y;
}

public sealed record Node(string Name, List<Node> Children, Node? Next = null);

public sealed record Generic<TFirst, TSecond>(TFirst First, TSecond Second);

public abstract record Parent(int Inherited);

public sealed record Derived(int Inherited, string Own) : Parent(Inherited);
