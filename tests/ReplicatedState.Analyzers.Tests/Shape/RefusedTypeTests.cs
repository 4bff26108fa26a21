using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

/// <summary>What can't be carried, or not without loss, is refused with the member that stands in the way and the reason.</summary>
public sealed class RefusedTypeTests
{
    private const string Head = "[ReplicatedStateMachine(\"m\")] public sealed partial class M { [Command] public void Go() { } ";

    [Theory]
    [InlineData("IEnumerable<int>", "could be computed anew, with another outcome, each time it is read; use IReadOnlyList, IReadOnlySet or IReadOnlyDictionary")]
    [InlineData("System.Collections.Concurrent.ConcurrentDictionary<int, int>", "is for several threads, and a machine has one; its order is that of a race. Use the collection of the same kind in System.Collections.Generic")]
    [InlineData("System.Collections.ObjectModel.ObservableCollection<int>", "tells handlers of its changes, which no snapshot holds; use Collection or List")]
    [InlineData("System.Collections.Hashtable", "doesn't say what it holds; use a generic collection")]
    [InlineData("System.Collections.ArrayList", "doesn't say what it holds; use a generic collection")]
    [InlineData("System.Collections.Specialized.NameValueCollection", "doesn't say what it holds; use a generic collection")]
    [InlineData("System.Collections.IEnumerable", "doesn't say what it holds; use a generic collection")]
    [InlineData("nint", "is as wide as the addresses of a processor, which may not be the same everywhere")]
    [InlineData("Lazy<int>", "is code and not a value; use the value")]
    [InlineData("WeakReference<string>", "loses its target whenever its process collects garbage")]
    [InlineData("ReadOnlyMemory<char>", "is a framework type without a fixed encoding")]
    [InlineData("int[,]", "is an array of more than one dimension; use an array of arrays")]
    public Task RSM0010_a_framework_type_is_refused_with_what_to_use_instead(string type, string why)
    {
        string name = type[(type.LastIndexOf('.', type.IndexOf('<', StringComparison.Ordinal) is var i and >= 0 ? i : type.Length - 1) + 1)..];
        return ReportsAsync("RSM0010", $"parameter 'x' of Do can't be encoded: {name} {why}", $"{Head} [Command] public void Do({type} ⟦x⟧) {{ }} }}");
    }

    [Theory]
    [InlineData("public sealed class Order : List<int> { }", "derives from List<int>, whose content would be lost; hold one instead")]
    [InlineData("public sealed class Order { public event Action? Changed; public int Number { get; set; } public void Raise() => Changed?.Invoke(); }", "has the event 'Changed', whose handlers would be lost")]
    [InlineData("public struct Order(int number) { public readonly int Twice() => 2 * number; }", "has the primary constructor parameter 'number', which no member carries, and would lose it")]
    [InlineData("[System.Runtime.CompilerServices.InlineArray(4)] public struct Order { public int First; }", "is an [InlineArray], whose elements have no names; use an array")]
    [InlineData("[MessagePackObject] public sealed class Order { [Key(\"a\")] public int A { get; set; } [Key(1)] public int B { get; set; } }", "has the member 'B' with a number as key, and others with names; use one or the other")]
    [InlineData("[MessagePackObject(true)] public sealed class Order { [Key(\"B\")] public int A { get; set; } public int B { get; set; } }", "has the key 'B' twice")]
    [InlineData("[MessagePackObject(true)] public sealed class Order { public int A { get; set; } private int _b; public int B() => _b; }", "has the member '_b', which is private and would be lost; make it public or mark it [IgnoreMember]")]
    [InlineData("[Union(0, typeof(string))] public abstract class Order;", "has the [Union] case string, which is no class or struct that can stand for it")]
    [InlineData("[Union(0, \"Other\")] public abstract class Order;", "has a [Union] that doesn't name its type by typeof")]
    [InlineData("[Union(0, typeof(A)), Union(0, typeof(B))] public abstract class Order; public sealed class A : Order; public sealed class B : Order;", "has two [Union] cases with the number 0, or the case B twice")]
    [InlineData("[Union(0, typeof(A))] public abstract class Order; public sealed class A : Order { public Stream? S { get; set; } }", "has the [Union] case A, which has the member 'S', which is Stream, which is abstract and no [Union]: it doesn't say which members there are")]
    [InlineData("[MessagePackFormatter(typeof(string))] public sealed class Order;", "has the formatter string, which is no IMessagePackFormatter<Order>")]
    [InlineData("[MessagePackFormatter(typeof(F), 1)] public sealed class Order; public abstract class F : MessagePack.Formatters.IMessagePackFormatter<Order> { public abstract void Serialize(ref MessagePackWriter writer, Order value, MessagePackSerializerOptions options); public abstract Order Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options); }", "has the formatter F with arguments; give it a constructor without parameters")]
    [InlineData("[MessagePackFormatter(typeof(F))] public sealed class Order; public abstract class F : MessagePack.Formatters.IMessagePackFormatter<Order> { public abstract void Serialize(ref MessagePackWriter writer, Order value, MessagePackSerializerOptions options); public abstract Order Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options); }", "has the formatter F, which has neither an accessible constructor without parameters nor a static Instance")]
    public Task RSM0010_a_type_that_would_lose_something_is_refused(string type, string why) =>
        ReportsAsync("RSM0010", $"parameter 'order' of Do can't be encoded: Order {why}", $"{Head} [Command] public void Do(Order ⟦order⟧) {{ }} }} {type}");

    [Theory]
    [InlineData("System.Collections.ObjectModel.ReadOnlyDictionary<string, int>")]
    [InlineData("System.Collections.ObjectModel.ReadOnlySet<string>")]
    public Task RSM0010_the_state_holds_no_view_that_hides_its_comparer(string type) => ReportsAsync(
        "RSM0010",
        $"the state '_view' can't be encoded: {type["System.Collections.ObjectModel.".Length..]} hides by which comparer it looks up what it holds, which a snapshot would lose; use a frozen or an immutable collection",
        $"{Head} [Command] public void Do({type} view) => _view = view; [State] private {type}? ⟦_view⟧; }}");

    [Theory]
    [InlineData("System.Collections.BitArray ⟦_x⟧ = new(8);")]
    [InlineData("System.Collections.Immutable.ImmutableDictionary<string, int> ⟦_x⟧ = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty;")]
    [InlineData("System.Collections.Frozen.FrozenSet<string> ⟦_x⟧ = System.Collections.Frozen.FrozenSet<string>.Empty;")]
    public Task RSM0015_what_can_only_be_assigned_is_not_read_only(string member) => ReportsAsync(
        "RSM0015", "The state '_x' can't be restored from a snapshot: it is read-only, and not a collection that can be refilled; let it be assigned, or mark it [Transient] if it never changes", $"{Head} [State] private readonly {member} }}");

    private static Task ReportsAsync(string id, string message, string marked) => Diagnosis.ReportsAsync(new MachineShapeAnalyzer(), id, message, marked);
}
