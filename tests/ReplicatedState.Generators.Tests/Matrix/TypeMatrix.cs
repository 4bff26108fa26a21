using System.Reflection;
using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>The machines of all cases, generated and compiled once, and loaded.</summary>
internal static class TypeMatrix
{
    private static readonly Lazy<Assembly> Compiled = new(static () => GeneratorRun.Of([.. TypeCases.All.Select(static type => TypeCase.Usings + type.Source)]).Load());

    /// <summary>A channel to a new machine of a case.</summary>
    public static ILocalChannel Open(TypeCase type) =>
        (ILocalChannel)Activator.CreateInstance(typeof(LocalChannel<>).MakeGenericType(Compiled.Value.GetType($"Matrix.Of{type.Name}.Machine", throwOnError: true)!))!;

    /// <summary>The case's value, in a list.</summary>
    public static object Sample(TypeCase type) => Call(type, "Sample")!;

    /// <summary>Puts the case's value into the machine once, and into its list twice; returns what came back, in a list.</summary>
    public static Task<object> PutAsync(TypeCase type, IStateMachineChannel channel) => (Task<object>)Call(type, "PutAsync", channel)!;

    /// <summary>Asks for the machine's list.</summary>
    public static Task<object> GetAsync(TypeCase type, IStateMachineChannel channel) => (Task<object>)Call(type, "GetAsync", channel)!;

    /// <summary>What the machine keeps alone, in a list.</summary>
    public static object ValueOf(TypeCase type, object machine) => Call(type, "ValueOf", machine)!;

    /// <summary>What the machine keeps in its list.</summary>
    public static object MoreOf(TypeCase type, object machine) => Call(type, "MoreOf", machine)!;

    private static object? Call(TypeCase type, string method, params object[] arguments) =>
        Compiled.Value.GetType($"Matrix.Of{type.Name}.Calls", throwOnError: true)!.GetMethod(method)!.Invoke(null, arguments);
}
