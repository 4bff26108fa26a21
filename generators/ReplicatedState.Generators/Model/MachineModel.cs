namespace ReplicatedState.Generators.Model;

/// <summary>Everything that is emitted for one machine follows from this; it holds no symbol, no syntax and no location.</summary>
/// <param name="Namespace">The namespace of the class, or "" for the global one.</param>
/// <param name="ClassName">The name of the class.</param>
/// <param name="Accessibility">"public" or "internal": what the class is, and so its client.</param>
/// <param name="Name">The name on the wire and in logs.</param>
/// <param name="Version">The version of the source.</param>
/// <param name="SchemaHash">FNV-1a over every declared name, id and type.</param>
/// <param name="IsNullableAware">Whether every reference type says if null may stand there.</param>
/// <param name="Commands">By name.</param>
/// <param name="Queries">By name.</param>
/// <param name="Events">By name.</param>
/// <param name="State">By key.</param>
/// <param name="RetiredState">What old snapshots may hold and nothing reads any more, by key.</param>
/// <param name="Migrations">By version.</param>
/// <param name="Types">Every type that is reached from parameters, results, events and state; a <see cref="TypeUse"/> points in here.</param>
internal sealed record MachineModel(
    string Namespace,
    string ClassName,
    string Accessibility,
    string Name,
    int Version,
    ulong SchemaHash,
    bool IsNullableAware,
    EquatableArray<CallModel> Commands,
    EquatableArray<CallModel> Queries,
    EquatableArray<EventModel> Events,
    EquatableArray<StateMemberModel> State,
    EquatableArray<RetiredStateModel> RetiredState,
    EquatableArray<MigrationModel> Migrations,
    EquatableArray<TypeModel> Types)
{
    public string HintName => Namespace.Length == 0 ? ClassName : $"{Namespace}.{ClassName}";
}
