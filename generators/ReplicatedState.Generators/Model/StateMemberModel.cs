namespace ReplicatedState.Generators.Model;

/// <summary>One [State] field or property.</summary>
/// <param name="Member">The name of the field or property.</param>
/// <param name="Name">The name that identifies it.</param>
/// <param name="Key">The number that identifies it in snapshots.</param>
/// <param name="Since">The machine version that introduced it.</param>
/// <param name="Until">The machine version that ended it, or 0.</param>
/// <param name="Type">Its type.</param>
/// <param name="TypeName">Its type as declared.</param>
/// <param name="Restore">How a snapshot's value gets into it.</param>
/// <param name="HasInitializer">Whether every new machine has a value there, a collection with its comparer perhaps.</param>
internal sealed record StateMemberModel(string Member, string Name, uint Key, int Since, int Until, TypeUse Type, string TypeName, StateRestore Restore, bool HasInitializer);

/// <summary>How a snapshot's value gets into a state member.</summary>
internal enum StateRestore
{
    /// <summary>It is assigned.</summary>
    Assign,

    /// <summary>The collection that the initializer made, with its comparer, is emptied and filled; it is assigned where there is none.</summary>
    RefillOrAssign,

    /// <summary>The collection that the initializer made is emptied and filled; there is no setter.</summary>
    Refill,
}
