namespace ReplicatedState;

/// <summary>What a machine declares; part of the handshake between nodes and of every snapshot's header.</summary>
/// <param name="Name">The machine's name from <see cref="ReplicatedStateMachineAttribute"/>.</param>
/// <param name="Version">The version of the source.</param>
/// <param name="SchemaHash">A hash of every declared name, id and type: equal for equal sources.</param>
/// <param name="Commands">All commands.</param>
/// <param name="Queries">All queries.</param>
/// <param name="State">All state members.</param>
public sealed record StateMachineManifest(
    string Name,
    int Version,
    ulong SchemaHash,
    IReadOnlyList<ManifestMember> Commands,
    IReadOnlyList<ManifestMember> Queries,
    IReadOnlyList<ManifestMember> State)
{
    /// <summary>All events.</summary>
    public IReadOnlyList<ManifestMember> Events { get; init; } = [];
}

/// <summary>One command, query, event or state member of a machine.</summary>
/// <param name="Id">Its identity on the wire and in snapshots.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">The machine version that introduced it.</param>
/// <param name="Signature">Its parameters and result, or its type, as text.</param>
public sealed record ManifestMember(uint Id, string Name, int Since, string Signature);
