using System.Buffers;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>One command or query of a machine, as JSON calls it. Immutable, and safe to use from many threads.</summary>
public sealed class JsonCall
{
    private readonly JsonType[] _types;
    private readonly JsonMembers _parameters;
    private readonly JsonTypeUse? _result;
    private readonly uint _id;
    private readonly string _described;

    private JsonCall(JsonType[] types, string name, uint id, JsonTypeUse? result, JsonMember[] parameters, bool isCommand)
    {
        _types = types;
        _id = id;
        _described = $"the {(isCommand ? "command" : "query")} '{name}'";
        _parameters = new JsonMembers(parameters, $"a parameter of {_described}");
        Name = name;
        IsCommand = isCommand;
        _result = result;
    }

    /// <summary>The name that identifies it.</summary>
    public string Name { get; }

    /// <summary>Whether it changes the state.</summary>
    public bool IsCommand { get; }

    /// <summary>Whether it is a query that answers in pages, whose result is an array: <see cref="WriteItems"/> writes it.</summary>
    public bool IsPaged { get; private init; }

    /// <summary>Whether it answers those who name no query.</summary>
    public bool IsDefault { get; private init; }

    /// <summary>The consistency of a query where the caller names none; of no meaning for a command.</summary>
    public ReadConsistency DefaultConsistency { get; private init; }

    /// <summary>Its parameters, without the context that a command may take.</summary>
    public IReadOnlyList<JsonMember> Parameters => _parameters.All;

    /// <summary>Describes a command.</summary>
    /// <param name="types">The table of the machine's types.</param>
    /// <param name="name">The name that identifies it.</param>
    /// <param name="id">The number that identifies it on the wire.</param>
    /// <param name="result">The type of its result, or null for void.</param>
    /// <param name="parameters">Its parameters in their order.</param>
    public static JsonCall Command(JsonType[] types, string name, uint id, JsonTypeUse? result, params JsonMember[] parameters) =>
        new(types, name, id, result, parameters, isCommand: true);

    /// <summary>Describes a query.</summary>
    /// <param name="types">The table of the machine's types.</param>
    /// <param name="name">The name that identifies it.</param>
    /// <param name="id">The number that identifies it on the wire.</param>
    /// <param name="consistency">The consistency where the caller names none.</param>
    /// <param name="isPaged">Whether it answers in pages.</param>
    /// <param name="isDefault">Whether it answers those who name no query.</param>
    /// <param name="result">The type of its result or of an item, or null for void.</param>
    /// <param name="parameters">Its parameters in their order.</param>
    public static JsonCall Query(JsonType[] types, string name, uint id, ReadConsistency consistency, bool isPaged, bool isDefault, JsonTypeUse? result, params JsonMember[] parameters) =>
        new(types, name, id, result, parameters, isCommand: false) { DefaultConsistency = consistency, IsPaged = isPaged, IsDefault = isDefault };

    /// <summary>Writes the call, encoded as the typed client would.</summary>
    /// <param name="payload">An object of the parameters by their names, whose case doesn't matter. Undefined or null stands for an empty one.</param>
    /// <param name="into">Gets the bytes. After an error they are of no use.</param>
    /// <exception cref="InvalidCommandException">Something in the payload is not what the call takes: the message has its JSON path, what is expected and what was found.</exception>
    public void Write(JsonElement payload, IBufferWriter<byte> into)
    {
        var scope = new JsonScope(_types, _described);
        if (payload.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            throw scope.Mismatch("an object of parameters by their names", payload);
        JsonElement[] given = _parameters.Match(payload.ValueKind == JsonValueKind.Object ? payload : default, scope);
        int count = _parameters.CountOf(given);
        var writer = new MessagePackWriter(into);
        CallFormat.WriteHeader(ref writer, _id, count);
        for (int i = 0; i < count; i++)
            _parameters.Encode(i, given, ref writer, scope);
        writer.Flush();
    }

    /// <summary>Writes an encoded result as one JSON value; null for void.</summary>
    /// <exception cref="InvalidReplyException">The bytes are no result of the call. What was written to <paramref name="json"/> is incomplete then.</exception>
    /// <exception cref="InvalidOperationException">The query answers in pages.</exception>
    public void WriteResult(in ReadOnlySequence<byte> reply, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (IsPaged)
            throw new InvalidOperationException($"{_described} answers in pages, which {nameof(WriteItems)} writes.");
        try
        {
            var reader = new MessagePackReader(reply);
            if (_result is { } use)
                new JsonScope(_types, _described).Decode(use, ref reader, json);
            else if (reader.TryReadNil())
                json.WriteNullValue();
            else
                throw new MessagePackSerializationException("it has one, and is declared void");
            RequireEnd(in reader);
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw CallFormat.InvalidReply(_described, error);
        }
    }

    /// <summary>Writes the items of one page of the result into the array that <paramref name="json"/> has begun.</summary>
    /// <exception cref="InvalidReplyException">The bytes are no page of the result. What was written to <paramref name="json"/> is incomplete then.</exception>
    /// <exception cref="InvalidOperationException">The call doesn't answer in pages.</exception>
    public void WriteItems(in ReadOnlySequence<byte> page, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (!IsPaged || _result is not { } use)
            throw new InvalidOperationException($"{_described} doesn't answer in pages.");
        try
        {
            var reader = new MessagePackReader(page);
            var scope = new JsonScope(_types, _described);
            int count = reader.ReadArrayHeader();
            for (int i = 0; i < count; i++)
                scope.Decode(use, ref reader, json);
            RequireEnd(in reader);
        }
        catch (Exception error) when (IsDecodingError(error))
        {
            throw CallFormat.InvalidReply(_described, error);
        }
    }

    private static void RequireEnd(in MessagePackReader reader)
    {
        if (!reader.End)
            throw new MessagePackSerializationException("bytes follow it");
    }

    /// <summary>What readers and constructors throw because of the bytes; what the writer of the JSON throws is its owner's.</summary>
    private static bool IsDecodingError(Exception error) =>
        error is MessagePackSerializationException or EndOfStreamException or ArgumentException or FormatException or OverflowException;
}
