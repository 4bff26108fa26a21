namespace ReplicatedState.Generators.Model;

/// <summary>One [Emits].</summary>
/// <param name="Identifier">What the client's method is named after.</param>
/// <param name="Name">The name that identifies the event.</param>
/// <param name="Id">The number that identifies it on the wire and in snapshots.</param>
/// <param name="Since">The machine version that introduced it.</param>
/// <param name="Type">Its type.</param>
/// <param name="TypeName">Its type as declared.</param>
/// <param name="IsOpen">Whether what is emitted may be of a derived type.</param>
internal sealed record EventModel(string Identifier, string Name, uint Id, int Since, TypeUse Type, string TypeName, bool IsOpen);
