namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>One type that a command may take and return and a state may hold.</summary>
/// <param name="Name">What the case is called, and its machine named after.</param>
/// <param name="Type">The type, in C#.</param>
/// <param name="Sample">An expression of that type, awkward rather than typical. Hash tables have one element or numbers as keys, so that their order is that of every process.</param>
/// <param name="Declarations">Types that it needs.</param>
public sealed record TypeCase(string Name, string Type, string Sample, string Declarations = "")
{
    /// <summary>What stands above the source of every case.</summary>
    public const string Usings = """
        using System;
        using System.Collections.Frozen;
        using System.Collections.Generic;
        using System.Collections.Immutable;
        using System.Collections.ObjectModel;
        using System.Linq;
        using System.Numerics;
        using System.Text;
        using System.Threading.Tasks;
        using MessagePack;
        using MessagePack.Formatters;
        using ReplicatedState;

        """;

    /// <summary>A machine that takes, keeps and returns the type, alone and inside of a list, with a class that calls it.</summary>
    public string Source => $$"""
        namespace Matrix.Of{{Name}}
        {
            {{Declarations}}

            [ReplicatedStateMachine("{{Name}}")]
            public sealed partial class Machine
            {
                [State(1)] public {{Type}} Value { get; private set; } = default!;
                [State(2)] public List<{{Type}}> More { get; private set; } = [];

                [Command(Id = 1)]
                public {{Type}} Put({{Type}} value, List<{{Type}}> more)
                {
                    Value = value;
                    More = more;
                    return value;
                }

                [Query(Id = 2)] public List<{{Type}}> Get() => More;
            }

            public static class Calls
            {
                private static {{Type}} Make() => {{Sample}};
                public static object Sample() => new List<{{Type}}> { Make() };
                public static async Task<object> PutAsync(IStateMachineChannel channel) =>
                    new List<{{Type}}> { await new MachineClient(channel).PutAsync(Make(), [Make(), Make()]) };
                public static async Task<object> GetAsync(IStateMachineChannel channel) => await new MachineClient(channel).GetAsync();
                public static object ValueOf(object machine) => new List<{{Type}}> { ((Machine)machine).Value };
                public static object MoreOf(object machine) => ((Machine)machine).More;
            }
        }
        """;

    public override string ToString() => Name;
}
