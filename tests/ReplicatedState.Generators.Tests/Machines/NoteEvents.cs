using MessagePack;

namespace ReplicatedState.Generators.Tests.Machines;

public readonly record struct NoteAdded(string Line, ulong Index);

[Union(0, typeof(NoteLost))]
[Union(1, typeof(NoteTorn))]
public interface INoteTrouble;

public sealed record NoteLost(int Number) : INoteTrouble;

public sealed record NoteTorn(string Line, double Part) : INoteTrouble;
