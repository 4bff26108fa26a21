using MessagePack;
using MessagePack.Resolvers;

namespace ReplicatedState.Serialization;

/// <summary>What a user's own formatter is called with.</summary>
public static class CustomFormat
{
    /// <summary>The formatters of the framework's simple types and nothing that is made at run time, with MessagePack's guards against untrusted bytes.</summary>
    public static MessagePackSerializerOptions Options { get; } =
        new MessagePackSerializerOptions(BuiltinResolver.Instance).WithSecurity(MessagePackSecurity.UntrustedData);
}
