using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>What can be wrong with a machine. The analyzers have one diagnostic for each.</summary>
internal enum DefectKind
{
    NotPartial,
    WrongShape,
    NoConstructor,
    InvalidName,
    NoCommand,
    CommandAndQuery,
    WrongMethodShape,
    AsynchronousCall,
    ByReferenceParameter,
    UnserializableType,
    InaccessibleType,
    InvalidId,
    DuplicateIdentity,
    InvalidConsistency,
    OverloadWithoutName,
    StateNotRestorable,
    UndeclaredMember,
    GeneratedNameCollision,
    InvalidMigration,
    InvalidParameterSince,
    TwoDefaultQueries,
}

/// <summary>One thing that is wrong, where, and the words that the message is filled with.</summary>
internal sealed record Defect(DefectKind Kind, Location Location, string[] Arguments);

/// <summary>What a parse found wrong. The generator only asks whether there is anything; the analyzers report it.</summary>
internal sealed class DefectList
{
    private readonly List<Defect> _items = [];

    public IReadOnlyList<Defect> Items => _items;

    public bool IsEmpty => _items.Count == 0;

    public void Add(DefectKind kind, Location? location, params string[] arguments) =>
        _items.Add(new Defect(kind, location ?? Location.None, arguments));
}
