using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the static side: manifest, factory, and the way to the typed client.</summary>
internal static class ManifestEmitter
{
    private const string Member = "global::ReplicatedState.ManifestMember";

    public static string Emit(MachineModel machine) => SourceFile.Emit(machine, code =>
    {
        string contract = $"global::ReplicatedState.IReplicatedStateMachine<{machine.FullName()}>";
        using (code.Open($"partial class {Escaped(machine.ClassName)}"))
        {
            code.BeginContractMember();
            code.Line($"static global::ReplicatedState.StateMachineManifest {contract}.Manifest {{ get; }} = new(");
            code.Line($"    Name: {Quote(machine.Name)},");
            code.Line($"    Version: {machine.Version},");
            code.Line($"    SchemaHash: 0x{machine.SchemaHash:X16}ul,");
            EmitList(code, "Commands", machine.Commands.Select(static call => (call.Id, call.Name, call.Since, call.Signature)), ",");
            EmitList(code, "Queries", machine.Queries.Select(static call => (call.Id, call.Name, call.Since, call.Signature)), ",");
            EmitList(code, "State", machine.State.Select(static member => (member.Key, member.Name, member.Since, member.TypeName.Replace("global::", ""))), machine.Events.Count == 0 ? ");" : ")");
            if (machine.Events.Count > 0)
            {
                code.Line("{");
                EmitList(code, "Events", machine.Events.Select(static item => (item.Id, item.Name, item.Since, item.TypeName.Replace("global::", ""))), ",", " =");
                code.Line("};");
            }

            code.BeginContractMember();
            code.Line($"static global::System.Type {contract}.ClientType => typeof({machine.Qualified(machine.ClientInterface())});");
            code.BeginContractMember();
            code.Line($"static {machine.FullName()} {contract}.Create() => new();");
            code.BeginContractMember();
            code.Line($"static object {contract}.CreateClient(global::ReplicatedState.IStateMachineChannel channel) => new {machine.Qualified(machine.Client())}(channel);");
        }
    });

    private static void EmitList(CodeWriter code, string list, IEnumerable<(uint Id, string Name, int Since, string Signature)> members, string end, string assign = ":")
    {
        List<string> lines = [.. members.Select(static m => $"new {Member}({Literal(m.Id)}, {Quote(m.Name)}, Since: {m.Since}, {Quote(m.Signature)}),")];
        if (lines.Count == 0)
        {
            code.Line($"    {list}{assign} []{end}");
            return;
        }

        code.Line($"    {list}{assign}");
        code.Line("    [");
        foreach (string line in lines)
            code.Line($"        {line}");
        code.Line($"    ]{end}");
    }
}
