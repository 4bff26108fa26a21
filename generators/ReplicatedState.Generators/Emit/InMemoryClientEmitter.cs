using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits InMemory{Name}Client: the client with the machine behind it in the same process.</summary>
internal static class InMemoryClientEmitter
{
    private const string Memory = "global::ReplicatedState.InMemoryMachine";
    private const string Time = "global::System.DateTimeOffset";

    public static string Emit(MachineModel machine) => SourceFile.Emit(machine, code =>
    {
        string client = machine.InMemoryClient();
        code.Line($"/// <summary>A client with its own machine behind it, in this process and without a cluster: for unit tests of code that uses <see cref=\"{machine.ClientInterface()}\"/>.</summary>");
        code.Line("/// <remarks>Safe for concurrent use. See <see cref=\"global::ReplicatedState.InMemoryMachine\"/> for how it differs from a cluster.</remarks>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open($"{machine.Accessibility} sealed class {client} : {machine.Client()}"))
        {
            code.Line($"private readonly {Memory} _memory;");
            code.Separate();
            code.Line("/// <summary>Makes a machine in its initial state, and its client.</summary>");
            code.Line("/// <param name=\"now\">The time at first; the beginning of the year 2000 where it isn't said.</param>");
            using (code.Open($"public {client}({Time}? now = null) : this(new {Memory}(global::ReplicatedState.StateMachineDefinition.Of<{machine.FullName()}>(), now))"))
            {
            }

            code.Separate();
            using (code.Open($"private {client}({Memory} memory) : base(memory.Channel)"))
                code.Line("_memory = memory;");
            code.Separate();
            code.Line("/// <summary>The machine itself, to be looked at between calls.</summary>");
            code.Line($"public {machine.FullName()} Machine => ({machine.FullName()})_memory.Machine;");
            code.Separate();
            code.Line("/// <inheritdoc cref=\"global::ReplicatedState.InMemoryMachine.Now\"/>");
            code.Line($"public {Time} Now => _memory.Now;");
            code.Separate();
            code.Line("/// <inheritdoc cref=\"global::ReplicatedState.InMemoryMachine.TimerErrors\"/>");
            code.Line("public global::System.Collections.Generic.IReadOnlyList<global::System.Exception> TimerErrors => _memory.TimerErrors;");
            code.Separate();
            code.Line("/// <inheritdoc cref=\"global::ReplicatedState.InMemoryMachine.Advance\"/>");
            code.Line("public void Advance(global::System.TimeSpan time) => _memory.Advance(time);");
        }
    });
}
