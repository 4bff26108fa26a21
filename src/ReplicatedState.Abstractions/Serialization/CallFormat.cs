using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The wire form of every call, a flat array <c>[id, argument…]</c>, and the refusals that its decoders answer with.</summary>
public static class CallFormat
{
    /// <summary>Writes the array's header and the id; the arguments follow.</summary>
    public static void WriteHeader(ref MessagePackWriter writer, uint id, int argumentCount)
    {
        writer.WriteArrayHeader(argumentCount + 1);
        writer.Write(id);
    }

    /// <summary>Reads the array's header and the id, and leaves the reader at the first argument.</summary>
    /// <exception cref="InvalidCommandException">The bytes don't begin an array that begins with an id.</exception>
    public static uint ReadHeader(ref MessagePackReader reader, out int argumentCount)
    {
        try
        {
            argumentCount = reader.ReadArrayHeader() - 1;
            if (argumentCount >= 0)
                return reader.ReadUInt32();
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw new InvalidCommandException($"A call is an array [id, argument…]: {error.Message}", error);
        }

        throw new InvalidCommandException("A call is an array [id, argument…], and this one is empty.");
    }

    /// <summary>Passes over the arguments that a newer client sends to a query and this version doesn't know.</summary>
    /// <exception cref="InvalidCommandException">The bytes end before the arguments do.</exception>
    public static void SkipSurplus(ref MessagePackReader reader, string call, int argumentCount, int known)
    {
        try
        {
            for (int i = known; i < argumentCount; i++)
                ValueFormat.Skip(ref reader);
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw new InvalidCommandException($"The arguments of {call} after the first {known} can't be passed over: {error.Message}", error);
        }
    }

    /// <summary>
    /// True for everything that a decoder, or a constructor it calls, throws because of the bytes. Memory running out is
    /// this node's own trouble and says nothing about the bytes, which other replicas may well have decoded.
    /// </summary>
    public static bool IsDecodingError(Exception error) => error is not (InvalidCommandException or OutOfMemoryException);

    /// <summary>The refusal of an argument that can't be decoded.</summary>
    public static InvalidCommandException Undecodable(string call, string argument, Exception cause) =>
        new($"Argument '{argument}' of {call} can't be decoded: {cause.Message}", cause);

    /// <summary>The refusal of a call that lacks arguments without a default value.</summary>
    public static InvalidCommandException TooFew(string call, int required, int actual) =>
        new($"{Capitalized(call)} needs {required} arguments and was sent {actual}.");

    /// <summary>The refusal of a command with more arguments than this version knows.</summary>
    public static InvalidCommandException Surplus(string call, int known, int actual) =>
        new($"{Capitalized(call)} takes {known} arguments and was sent {actual}.");

    /// <summary>The refusal of an id that no command of the machine has.</summary>
    public static UnknownCommandException UnknownCommand(string machine, uint id) =>
        new($"The machine '{machine}' has no command with the id {id}.");

    /// <summary>The refusal of a command that is only replayed from the log.</summary>
    public static UnknownCommandException RetiredCommand(string machine, string command) =>
        new($"The machine '{machine}' no longer takes the command '{command}': it is retired, and only entries that are in the log are executed.");

    /// <summary>The refusal of an id that no query of the machine has.</summary>
    public static UnknownCommandException UnknownQuery(string machine, uint id) =>
        new($"The machine '{machine}' has no query with the id {id}.");

    /// <summary>The refusal of an id that no query of the machine that gives a sequence has.</summary>
    public static UnknownCommandException UnknownPagedQuery(string machine, uint id) =>
        new($"The machine '{machine}' has no query with the id {id} that answers in pages.");

    /// <summary>The refusal of a query that gives a sequence, where one result was asked for: a part of it must not pass for the whole.</summary>
    public static UnknownCommandException AnswersInPages(string machine, string query) =>
        new($"The query '{query}' of the machine '{machine}' answers in pages, and was asked for one result: the client was made for another version of the machine.");

    /// <summary>The failure of a command that emits what its machine doesn't declare.</summary>
    public static InvalidOperationException UndeclaredEvent(string machine, Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new($"The machine '{machine}' declares no event of type {type}; [Emits<{type.Name}>] on its class does.");
    }

    /// <summary>The end of a call whose result the client can't decode.</summary>
    public static InvalidReplyException InvalidReply(string call, Exception cause) =>
        new($"The result of {call} can't be decoded: {cause.Message}", cause);

    /// <summary>Calls are described as "the command 'X'", which here begins a sentence.</summary>
    private static string Capitalized(string call) => char.ToUpperInvariant(call[0]) + call[1..];
}
