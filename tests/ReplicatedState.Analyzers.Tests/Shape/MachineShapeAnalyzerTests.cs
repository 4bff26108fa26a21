using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

public sealed class MachineShapeAnalyzerTests
{
    private const string Head = "[ReplicatedStateMachine(\"shop\")] public sealed partial class Shop { [State] private int _a; ";
    private const string Versioned = "[ReplicatedStateMachine(\"shop\", Version = 3)] public sealed partial class Shop { [State] private int _a; ";
    private const string Command = "[Command] public int Set(int a) => _a = a; ";

    [Fact]
    public Task A_valid_machine_is_left_alone() => Diagnosis.IsSilentAsync(
        new MachineShapeAnalyzer(), Head + Command + "[State] public List<string> Names { get; } = []; [Transient] private readonly Action _hook = () => { }; private static int s; }");

    [Fact]
    public Task A_class_without_the_attribute_is_left_alone() => Diagnosis.IsSilentAsync(
        new MachineShapeAnalyzer(), "public class Other<T> { private readonly Stream? _stream; }");

    [Fact]
    public Task RSM0001_a_machine_must_be_partial() => ReportsAsync(
        "RSM0001",
        "The machine 'Shop' must be declared partial in all of its parts, so that its generated half can be added",
        "[ReplicatedStateMachine(\"shop\")] public sealed class ⟦Shop⟧ { [Command] public void Do() { } }");

    [Theory]
    [InlineData("public static partial class ⟦Shop⟧ { }", "is static; every replica makes an instance of its own")]
    [InlineData("public abstract partial class ⟦Shop⟧ { [Command] public void Do() { } }", "is abstract; every replica makes an instance of it")]
    [InlineData("public partial class ⟦Shop⟧<T> { [Command] public void Do() { } }", "is generic; its name would identify many machines")]
    [InlineData("public partial record ⟦Shop⟧ { [Command] public void Do() { } }", "is a record; a machine is a class, because it is changed in place")]
    [InlineData("public partial class ⟦Shop⟧ : List<int> { [Command] public void Do() { } }", "has a base class; a machine declares all of its state itself")]
    [InlineData("file partial class ⟦Shop⟧ { [Command] public void Do() { } }", "is local to its file; the generated half lives in another file")]
    public Task RSM0002_a_machine_is_a_plain_class_of_its_own(string declaration, string why) =>
        ReportsAsync("RSM0002", $"The machine 'Shop' {why}", $"[ReplicatedStateMachine(\"shop\")] {declaration}");

    [Fact]
    public Task RSM0002_a_machine_is_not_nested() => ReportsAsync(
        "RSM0002",
        "The machine 'Shop' is nested in another type; move it into a namespace",
        "public static class Outer { [ReplicatedStateMachine(\"shop\")] public sealed partial class ⟦Shop⟧ { [Command] public void Do() { } } }");

    [Fact]
    public Task RSM0003_a_machine_has_a_public_constructor_without_parameters() => ReportsAsync(
        "RSM0003",
        "The machine 'Shop' needs a public constructor without parameters: it runs on every replica and at every restart",
        "[ReplicatedStateMachine(\"shop\")] public sealed partial class ⟦Shop⟧(int seed) { [Command] public int Do() => seed; }");

    [Theory]
    [InlineData("⟦ReplicatedStateMachine(\"\")⟧", "a machine needs a name that is not empty")]
    [InlineData("⟦ReplicatedStateMachine(\"shop\", Version = 0)⟧", "the version of a machine is 1 or more")]
    public Task RSM0004_a_machine_has_a_name_and_a_version(string attribute, string why) => ReportsAsync(
        "RSM0004", $"The [ReplicatedStateMachine] attribute is not valid: {why}", $"[{attribute}] public sealed partial class Shop {{ [Command] public void Do() {{ }} }}");

    [Fact]
    public Task RSM0005_a_machine_has_a_command() => ReportsAsync(
        "RSM0005",
        "The machine 'Shop' has no [Command], so nothing can ever change its state; mark the methods that do",
        "[ReplicatedStateMachine(\"shop\")] public sealed partial class ⟦Shop⟧ { [Query] public int Get() => 1; }");

    [Fact]
    public Task RSM0006_a_method_is_either_command_or_query() => ReportsAsync(
        "RSM0006", "'Both' is both [Command] and [Query]; remove [Query] if it changes the state, and [Command] if it doesn't", Head + Command + "[Command, Query] public void ⟦Both⟧() { } }");

    [Theory]
    [InlineData("public static int ⟦Do⟧() => 1;", "static")]
    [InlineData("public int ⟦Do⟧<T>() => 1;", "generic")]
    public Task RSM0007_a_command_is_an_ordinary_instance_method(string method, string what) => ReportsAsync(
        "RSM0007", $"'Do' is {what}; a command or query is an ordinary instance method", Head + Command + $"[Command] {method} }}");

    [Theory]
    [InlineData("public async Task<int> ⟦Do⟧() { await Task.Yield(); return _a; }", "Task<int>")]
    [InlineData("public Task ⟦Do⟧() => Task.CompletedTask;", "Task")]
    [InlineData("public ValueTask<int> ⟦Do⟧() => new(_a);", "ValueTask<int>")]
    [InlineData("public async void ⟦Do⟧() => await Task.Yield();", "async void")]
    [InlineData("public IAsyncEnumerable<int> ⟦Do⟧() => null!;", "IAsyncEnumerable<int>")]
    public Task RSM0008_a_command_is_synchronous(string method, string what) => ReportsAsync(
        "RSM0008",
        $"'Do' is asynchronous ({what}), but a command has happened on a replica when its method returns; wait before the call, and pass what came of it as an argument",
        Head + Command + $"[Command] {method} }}");

    [Theory]
    [InlineData("public async Task<int> ⟦Do⟧() { await Task.Yield(); return _a; }", "Task<int>")]
    [InlineData("public async IAsyncEnumerator<int> ⟦Do⟧() { yield return _a; }", "IAsyncEnumerator<int>")]
    [InlineData("public Task<IAsyncEnumerable<int>> ⟦Do⟧() => null!;", "Task<IAsyncEnumerable<int>>")]
    public Task RSM0008_a_query_gives_a_sequence_or_a_value_and_no_promise(string method, string what) => ReportsAsync(
        "RSM0008",
        $"'Do' is asynchronous ({what}), but a command has happened on a replica when its method returns; wait before the call, and pass what came of it as an argument",
        Head + Command + $"[Query] {method} }}");

    [Theory]
    [InlineData("public async IAsyncEnumerable<int> Do(int from = 0) { for (int i = from; i < _a; i++) yield return i; }")]
    [InlineData("public IAsyncEnumerable<string?> Do(params int[] numbers) => AsyncEnumerable.Empty<string?>();")]
    public Task A_query_may_give_a_sequence(string method) => Diagnosis.IsSilentAsync(new MachineShapeAnalyzer(), Head + Command + $"[Query] {method} }}");

    [Theory]
    [InlineData("RSM0010", "public async IAsyncEnumerable<int> Do(System.Threading.CancellationToken ⟦x⟧) { yield return 1; }", "parameter 'x' of Do can't be encoded: CancellationToken is a framework type without a fixed encoding")]
    [InlineData("RSM0010", "public IAsyncEnumerable<Stream> ⟦Do⟧() => null!;", "the result of Do can't be encoded: Stream is abstract and no [Union]: it doesn't say which members there are")]
    public Task What_a_sequence_can_not_carry_is_named(string id, string method, string message) => ReportsAsync(id, message, Head + Command + $"[Query] {method} }}");

    [Theory]
    [InlineData("public void Do(ref int ⟦x⟧) { }", "parameter 'x'")]
    [InlineData("public void Do(out int ⟦x⟧) => x = 1;", "parameter 'x'")]
    [InlineData("public void Do(in int ⟦x⟧) { }", "parameter 'x'")]
    [InlineData("public ref int ⟦Do⟧() => ref _a;", "result")]
    public Task RSM0009_nothing_is_passed_by_reference(string method, string what) => ReportsAsync(
        "RSM0009", $"The {what} of 'Do' is passed by reference, which a log can't carry; pass it by value, and return a tuple for several results", Head + Command + $"[Command] {method} }}");

    [Theory]
    [InlineData("public void Do(Stream ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: Stream is abstract and no [Union]: it doesn't say which members there are")]
    [InlineData("public void Do(object ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: object could be anything")]
    [InlineData("public void Do(Func<int> ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: Func<int> is a delegate: code can't be replicated")]
    [InlineData("public void Do(int[,] ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: int[,] is an array of more than one dimension; use an array of arrays")]
    [InlineData("public void Do(System.Threading.CancellationToken ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: CancellationToken is a framework type without a fixed encoding")]
    [InlineData("public void Do(IFormattable ⟦x⟧) { }", "parameter 'x' of Do can't be encoded: IFormattable is an interface that is neither one of the known collections nor a [Union]")]
    [InlineData("public List<Dictionary<string, CultureInfo>> ⟦Do⟧() => [];", "the result of Do can't be encoded: List<Dictionary<string, CultureInfo>> holds Dictionary<string, CultureInfo>, which holds CultureInfo, which is a framework type without a fixed encoding")]
    public Task RSM0010_a_type_that_can_not_be_encoded_is_named(string method, string message) =>
        ReportsAsync("RSM0010", message, Head + Command + $"[Command] {method} }}");

    [Theory]
    [InlineData("public sealed record Order(string Id, Stream Body);", "has the member 'Body', which is Stream, which is abstract and no [Union]: it doesn't say which members there are")]
    [InlineData("public sealed class Order { private int _secret; public int Get() => _secret; }", "has the member '_secret', which is private and would be lost; make it public or mark it [IgnoreMember]")]
    [InlineData("public sealed class Order { public int Number { get; } }", "has the member 'Number', which can neither be set nor passed to the constructor, and would be lost")]
    [InlineData("public sealed class Order { public Order(int other) { } public int Number { get; set; } }", "has no constructor whose parameters are all named after members")]
    [InlineData("[MessagePackObject] public sealed class Order { public int Number { get; set; } }", "has the member 'Number' without a [Key(0…1023)]; give it one, or [IgnoreMember]")]
    [InlineData("[MessagePackObject] public sealed class Order { [Key(1)] public int A { get; set; } [Key(1)] public int B { get; set; } }", "has the key 1 twice")]
    [InlineData("public abstract record Order(int Id);", "is abstract and no [Union]: it doesn't say which members there are")]
    public Task RSM0010_the_member_that_stands_in_the_way_is_named(string type, string why) => ReportsAsync(
        "RSM0010", $"parameter 'order' of Buy can't be encoded: Order {why}", Head + Command + $"[Command] public void Buy(Order ⟦order⟧) {{ }} }} {type}");

    [Fact]
    public Task RSM0010_state_is_held_to_it_too() => ReportsAsync(
        "RSM0010", "the state '_clock' can't be encoded: TimeProvider is abstract and no [Union]: it doesn't say which members there are", Head + Command + "[State] private TimeProvider? ⟦_clock⟧; }");

    [Fact]
    public Task RSM0011_what_clients_speak_of_is_as_accessible_as_they_are() => ReportsAsync(
        "RSM0011",
        "parameter 'x' of Do has the type Hidden, which the generated client can't name because it is less accessible than the machine; make the two equally accessible",
        Head + Command + "private sealed record Hidden(int A); [Command] private void Do(Hidden ⟦x⟧) { } }");

    [Theory]
    [InlineData("[⟦Command(Id = -1)⟧] public void Do() { } }", "Do", "an explicit Id is 1 to 2147483647")]
    [InlineData("[⟦Command(Since = 0)⟧] public void Do() { } }", "Do", "Since is a version of the machine, 1 to 1")]
    [InlineData("[⟦Command(Since = 2)⟧] public void Do() { } }", "Do", "Since is a version of the machine, 1 to 1")]
    [InlineData("[⟦State(Since = 2)⟧] private int _b; }", "_b", "Since is a version of the machine, 1 to 1")]
    [InlineData("[⟦State(Until = 2)⟧] private int _b; }", "_b", "Until is a version of the machine above Since, 2 to 1")]
    [InlineData("[⟦State(0)⟧] private int _b; }", "_b", "an explicit key is 1 to 2147483647")]
    public Task RSM0012_numbers_are_in_their_range(string member, string name, string why) =>
        ReportsAsync("RSM0012", $"The number of '{name}' is not valid: {why}", Head + Command + member);

    [Theory]
    [InlineData("[⟦Migrate(1, 3)⟧] private void Do() { } }", "it leads from 1 to 3; a migration leads to the next version, and several follow one another")]
    [InlineData("[⟦Migrate(3, 4)⟧] private void Do() { } }", "it leads from 3 to 4, and the machine has the versions 1 to 3")]
    [InlineData("[⟦Migrate(1, 2)⟧] private static void Do() { } }", "it is not an ordinary instance method")]
    [InlineData("[⟦Migrate(1, 2)⟧] private int Do() => 1; }", "it doesn't return void at once: it changes the state in place")]
    [InlineData("[⟦Migrate(1, 2)⟧] private void Do(int a) { } }", "it takes something else than a CommandContext")]
    [InlineData("[⟦Migrate(1, 2)⟧, Command] public void Do() { } }", "it is a command or query too")]
    [InlineData("[Migrate(1, 2)] private void To() { } [⟦Migrate(1, 2)⟧] private void Do() { } }", "'To' leads to version 2 already")]
    public Task RSM0020_a_migration_leads_to_the_next_version(string member, string why) =>
        ReportsAsync("RSM0020", $"The migration 'Do' is not valid: {why}", Versioned + Command + member);

    [Theory]
    [InlineData("[Command] public void Do([⟦Since(2)⟧] int a) { } }", "what was added later needs a default value, which it has in entries that lack it")]
    [InlineData("[Command] public void Do([⟦Since(1)⟧] int a = 0) { } }", "the version is above the command's own, 1, and at most the machine's, 3")]
    [InlineData("[Command] public void Do([⟦Since(4)⟧] int a = 0) { } }", "the version is above the command's own, 1, and at most the machine's, 3")]
    [InlineData("[Command] public void Do([Since(3)] int b = 0, [⟦Since(2)⟧] int a = 0) { } }", "parameters come in the order of their versions")]
    [InlineData("[Command] public void Do([Since(2)] int b = 0, int ⟦a⟧ = 0) { } }", "it follows a parameter that a later version added, so it says [Since] too")]
    [InlineData("[Query] public int Do([⟦Since(2)⟧] int a = 0) => 1; }", "a query passes over arguments that it doesn't know, so its parameters have no versions")]
    public Task RSM0021_a_later_parameter_can_be_left_out(string member, string why) =>
        ReportsAsync("RSM0021", $"The version of the parameter 'a' of 'Do' is not valid: {why}", Versioned + Command + member);

    [Theory]
    [InlineData("Consistency = (ConsistencyLevel)9", "no consistency has the number 9")]
    [InlineData("Consistency = ConsistencyLevel.BoundedStaleness", "bounded staleness needs its bound, MaxStalenessMs of 1 to 86400000")]
    [InlineData("Consistency = ConsistencyLevel.BoundedStaleness, MaxStalenessMs = 86400001", "bounded staleness needs its bound, MaxStalenessMs of 1 to 86400000")]
    [InlineData("Consistency = ConsistencyLevel.Lease, MaxStalenessMs = 5", "MaxStalenessMs belongs to BoundedStaleness only")]
    public Task RSM0019_a_consistency_and_its_bound_belong_together(string consistency, string why) =>
        ReportsAsync("RSM0019", $"The consistency of 'Ask' is not valid: {why}", Head + Command + $"[⟦Query({consistency})⟧] public int Ask() => 1; }}");

    [Fact]
    public Task RSM0023_one_query_is_the_default_one() => ReportsAsync(
        "RSM0023",
        "'Second' is marked as the default query, and so is 'First'; a request that names no query can be answered by one only",
        Head + Command + "[Query(Default = true)] public int First() => 1; [⟦Query(Default = true)⟧] public int Second() => 2; }");

    [Fact]
    public Task RSM0013_two_commands_do_not_share_a_number() => ReportsAsync(
        "RSM0013",
        "'Two' has the same identity as 'One' (5); give one of them another name or an explicit number",
        Head + "[Command(Id = 5)] public void One() { } [⟦Command(Id = 5)⟧] public void Two() { } }");

    [Fact]
    public Task RSM0013_two_commands_do_not_share_a_name() => ReportsAsync(
        "RSM0013",
        "'Two' has the same identity as 'One' (3143612358); give one of them another name or an explicit number",
        Head + "[Command] public void One() { } [⟦Command(Name = \"One\")⟧] public void Two() { } }");

    [Fact]
    public Task RSM0013_a_command_and_a_query_do_not_share_a_name() => ReportsAsync(
        "RSM0013",
        "'Two' has the same identity as 'One' (3143612358); give one of them another name or an explicit number",
        Head + "[Command] public void One() { } [⟦Query(Name = \"One\")⟧] public int Two() => 1; }");

    [Fact]
    public Task RSM0013_two_state_members_do_not_share_a_key() => ReportsAsync(
        "RSM0013",
        "'_c' has the same identity as '_b' (3); give one of them another name or an explicit number",
        Head + Command + "[State(3)] private int _b; [⟦State(3)⟧] private int _c; }");

    [Fact]
    public Task RSM0014_overloads_have_names_of_their_own() => ReportsAsync(
        "RSM0014",
        "'Set' is overloaded; give this overload a Name of its own",
        Head + Command + "[Command] public void ⟦Set⟧(string a) { } [Command(Name = \"SetBoth\")] public void Set(int a, int b) { } }");

    [Fact]
    public Task RSM0015_read_only_state_is_a_collection_that_can_be_refilled() => ReportsAsync(
        "RSM0015",
        "The state '_b' can't be restored from a snapshot: it is read-only, and not a collection that can be refilled; let it be assigned, or mark it [Transient] if it never changes",
        Head + Command + "[State] private readonly int ⟦_b⟧ = 3; }");

    [Theory]
    [InlineData("private int ⟦_b⟧; }", "_b", "neither [State] nor [Transient]")]
    [InlineData("public int ⟦B⟧ { get; set; } }", "B", "neither [State] nor [Transient]")]
    [InlineData("[State, Transient] private int ⟦_b⟧; }", "_b", "both [State] and [Transient]")]
    public Task RSM0016_every_member_says_whether_it_is_state(string member, string name, string what) => ReportsAsync(
        "RSM0016", $"'{name}' is {what}; mark what snapshots carry as [State] and what they don't as [Transient]", Head + Command + member);

    [Fact]
    public Task RSM0017_the_names_of_generated_types_are_free() => ReportsAsync(
        "RSM0017", "The name 'ShopClient' is needed for the generated half of 'Shop'; give this one another name", Head + Command + "} public sealed class ⟦ShopClient⟧ { }");

    [Theory]
    [InlineData("SnapshotCodecs")]
    [InlineData("StateHashing")]
    [InlineData("JsonTable")]
    public Task RSM0017_the_names_of_generated_members_are_free(string name) => ReportsAsync(
        "RSM0017", $"The name '{name}' is needed for the generated half of 'Shop'; give this one another name", Head + Command + $"private static void ⟦{name}⟧() {{ }} }}");

    [Fact]
    public Task RSM0017_only_the_other_half_of_the_client_interface_may_take_its_name() => ReportsAsync(
        "RSM0017", "The name 'IShopClient' is needed for the generated half of 'Shop'; give this one another name", Head + Command + "} public interface ⟦IShopClient⟧;");

    [Fact]
    public Task A_half_of_the_client_interface_may_be_declared() =>
        Diagnosis.IsSilentAsync(new MachineShapeAnalyzer(), Head + Command + "} public partial interface IShopClient;");

    [Fact]
    public Task What_the_compiler_reports_is_not_reported_again() =>
        Diagnosis.IsSilentAsync(new MachineShapeAnalyzer(), Head + Command + "[Command] public void Do(Misspelt x) { } }");

    private static Task ReportsAsync(string id, string message, string marked) => Diagnosis.ReportsAsync(new MachineShapeAnalyzer(), id, message, marked);
}
