using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The form of a machine's snapshot, one map of key → value, and the refusals that its decoder answers with.</summary>
public static class SnapshotFormat
{
    /// <summary>Reads the map's header.</summary>
    /// <exception cref="InvalidSnapshotException">The bytes don't begin a map.</exception>
    public static int ReadHeader(ref MessagePackReader reader, string machine)
    {
        try
        {
            return reader.ReadMapHeader();
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw new InvalidSnapshotException($"The snapshot of '{machine}' doesn't begin with a map: {error.Message}", error);
        }
    }

    /// <summary>Reads the key of the next state member.</summary>
    /// <exception cref="InvalidSnapshotException">The bytes don't begin with a key.</exception>
    public static uint ReadKey(ref MessagePackReader reader, string machine)
    {
        try
        {
            return reader.ReadUInt32();
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw new InvalidSnapshotException($"A key in the snapshot of '{machine}' can't be read: {error.Message}", error);
        }
    }

    /// <summary>True for everything that a decoder throws because of the bytes; see <see cref="CallFormat.IsDecodingError"/>.</summary>
    public static bool IsDecodingError(Exception error) => error is not (InvalidSnapshotException or OutOfMemoryException);

    /// <summary>Refuses a value for a read-only member that could only be read into a collection other than the member's own.</summary>
    public static void RequireRefilled(object? member, object? read)
    {
        if (!ReferenceEquals(member, read))
            throw new MessagePackSerializationException("the member is read-only, and either it or the snapshot holds no collection");
    }

    /// <summary>The refusal of a key that no state member has at the version which was in effect.</summary>
    public static InvalidSnapshotException UnknownKey(string machine, uint key, int version) =>
        new($"The snapshot of '{machine}' holds the key {key}, which no [State] member of version {version} has. A member that was renamed keeps its identity through Name; data that is given up is named by [RetiredState].");

    /// <summary>The refusal of a key that comes twice.</summary>
    public static InvalidSnapshotException DuplicateKey(string machine, string member) =>
        new($"The snapshot of '{machine}' holds the state '{member}' twice.");

    /// <summary>The refusal of a snapshot that lacks a member which existed when it was written.</summary>
    public static InvalidSnapshotException MissingKey(string machine, string member, int since, int version) =>
        new($"The snapshot of '{machine}' was written at version {version} and lacks the state '{member}', which exists since version {since}. A member that was renamed keeps its identity through Name; one that is new says Since.");

    /// <summary>The refusal of a value that can't be decoded.</summary>
    public static InvalidSnapshotException Undecodable(string machine, string member, Exception cause) =>
        new($"The state '{member}' in the snapshot of '{machine}' can't be decoded: {cause.Message}", cause);
}
