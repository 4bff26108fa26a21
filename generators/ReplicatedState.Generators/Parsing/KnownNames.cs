namespace ReplicatedState.Generators.Parsing;

/// <summary>Metadata names of the types that the parser recognizes.</summary>
internal static class KnownNames
{
    /// <summary>How emitted code names its author in [GeneratedCode].</summary>
    public const string GeneratorName = "ReplicatedState.Generators";

    public const string MachineAttribute = "ReplicatedState.ReplicatedStateMachineAttribute";
    public const string CommandAttribute = "ReplicatedState.CommandAttribute";
    public const string QueryAttribute = "ReplicatedState.QueryAttribute";
    public const string StateAttribute = "ReplicatedState.StateAttribute";
    public const string RetiredStateAttribute = "ReplicatedState.RetiredStateAttribute";
    public const string EmitsAttribute = "ReplicatedState.EmitsAttribute`1";
    public const string MigrateAttribute = "ReplicatedState.MigrateAttribute";
    public const string SinceAttribute = "ReplicatedState.SinceAttribute";
    public const string TransientAttribute = "ReplicatedState.TransientAttribute";
    public const string DeterministicSafeAttribute = "ReplicatedState.DeterministicSafeAttribute";
    public const string CommandContext = "ReplicatedState.CommandContext";
    public const string AsyncEnumerable = "System.Collections.Generic.IAsyncEnumerable`1";
    public const string MessagePackObject = "MessagePack.MessagePackObjectAttribute";
    public const string Key = "MessagePack.KeyAttribute";
    public const string IgnoreMember = "MessagePack.IgnoreMemberAttribute";
    public const string IgnoreDataMember = "System.Runtime.Serialization.IgnoreDataMemberAttribute";
    public const string Union = "MessagePack.UnionAttribute";
    public const string MessagePackFormatter = "MessagePack.MessagePackFormatterAttribute";
    public const string SerializationConstructor = "MessagePack.SerializationConstructorAttribute";
}
