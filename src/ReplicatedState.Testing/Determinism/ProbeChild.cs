using System.Reflection;
using System.Text;

namespace ReplicatedState.Testing.Determinism;

/// <summary>The other side of <see cref="ProbeProcess"/>.</summary>
internal static class ProbeChild
{
    /// <summary>Executes the calls that come in, tells what came of them, and ends the process. Does nothing in a process that isn't a probe's.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(ProbeProcess.Marker) is null)
            return;
        using Stream output = Console.OpenStandardOutput();
        Console.SetOut(TextWriter.Null); // what the machine prints would end up among the answers
        using (var reader = new BinaryReader(Console.OpenStandardInput(), Encoding.UTF8))
        using (var writer = new BinaryWriter(output, Encoding.UTF8))
        {
            (string machine, ProbeCall[] calls) = ProbeWire.ReadCalls(reader);
            ProbeWire.WriteOutcomes(writer, ProbeReplay.Run(DefinitionOf(Type.GetType(machine, throwOnError: true)!), calls, snapshotEvery: 0, isForeign: false));
        }

        Environment.Exit(0);
    }

    private static StateMachineDefinition DefinitionOf(Type machine) => (StateMachineDefinition)typeof(StateMachineDefinition)
        .GetMethod(nameof(StateMachineDefinition.Of), BindingFlags.Public | BindingFlags.Static)!
        .MakeGenericMethod(machine)
        .Invoke(null, null)!;
}
