using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits ChangesStateAt and Migrate; null for a machine whose state is the same in all versions.</summary>
internal static class MigrationEmitter
{
    private const string Contract = "global::ReplicatedState.IStateMachine";

    public static string? Emit(MachineModel machine)
    {
        var versions = new SortedSet<int>(machine.Migrations.Select(static migration => migration.Version));
        versions.UnionWith(machine.State.Where(static member => member.Since > 1).Select(static member => member.Since));
        versions.UnionWith(machine.State.Where(static member => member.Until > 0).Select(static member => member.Until));
        return versions.Count == 0 ? null : SourceFile.Emit(machine, code =>
        {
            using (code.Open($"partial class {Escaped(machine.ClassName)}"))
            {
                code.BeginContractMember();
                code.Line($"bool {Contract}.ChangesStateAt(int version) => version is {string.Join(" or ", versions)};");
                if (machine.Migrations.Count > 0)
                    EmitMigrate(code, machine);
            }
        });
    }

    private static void EmitMigrate(CodeWriter code, MachineModel machine)
    {
        code.BeginContractMember();
        using (code.Open($"void {Contract}.Migrate(int version, global::ReplicatedState.CommandContext context)"))
        using (code.Open("switch (version)"))
        {
            foreach (MigrationModel migration in machine.Migrations)
            {
                code.Line($"case {migration.Version}:");
                code.Line($"    this.{Escaped(migration.Method)}({(migration.TakesContext ? "context" : "")});");
                code.Line("    break;");
            }
        }
    }
}
