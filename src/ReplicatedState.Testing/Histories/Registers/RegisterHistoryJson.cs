using System.Text.Json;

namespace ReplicatedState.Testing.Histories;

/// <summary>
/// Histories of registers as JSON lines, one object an operation:
/// <c>{"c":client,"call":ns,"ret":ns,"k":key,"op":"r|w|cas|append","a":arg,"b":arg2,"out":value,"st":"ok|fail|unknown"}</c>.
/// </summary>
/// <remarks>
/// <c>a</c> is what a write writes, an append appends and a compare-and-set expects; <c>b</c> is what the latter sets. Values are texts, numbers or null, which is no value.
/// <c>ret</c> may be absent or null where the outcome is unknown. A compare-and-set that found another value is <c>"out":false</c>, with <c>ok</c> or <c>fail</c>: both say that it
/// was compared. Any other <c>fail</c> was certainly not executed, and says nothing about the state.
/// </remarks>
public static class RegisterHistoryJson
{
    /// <summary>Reads a history.</summary>
    /// <param name="lines">The lines; empty ones are skipped.</param>
    /// <param name="file">For errors.</param>
    /// <exception cref="HistoryFormatException">A line isn't such an object.</exception>
    public static IReadOnlyList<Operation<RegisterCall, RegisterResult>> Read(TextReader lines, string file)
    {
        var history = new List<Operation<RegisterCall, RegisterResult>>();
        int number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                history.Add(ReadOperation(document.RootElement));
            }
            catch (JsonException e)
            {
                throw new HistoryFormatException(file, number, $"this is no JSON object: {e.Message}");
            }
            catch (FormatException e)
            {
                throw new HistoryFormatException(file, number, e.Message);
            }
        }

        return history;
    }

    /// <summary>Writes one operation as a line.</summary>
    /// <exception cref="ArgumentException">Its status or kind is none of those that exist.</exception>
    public static void Write(TextWriter lines, Operation<RegisterCall, RegisterResult> operation)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("c", operation.Client);
            json.WriteNumber("call", operation.Call);
            if (operation.Return is { } end)
                json.WriteNumber("ret", end);
            else
                json.WriteNull("ret");
            json.WriteString("k", operation.Key);
            json.WriteString("op", operation.Input.Kind switch
            {
                RegisterCallKind.Read => "r",
                RegisterCallKind.Write => "w",
                RegisterCallKind.CompareAndSet => "cas",
                RegisterCallKind.Append => "append",
                _ => throw new ArgumentException($"There is no operation {operation.Input.Kind}.", nameof(operation)),
            });
            if (operation.Input.Kind != RegisterCallKind.Read)
                WriteValue(json, "a", operation.Input.Value);
            if (operation.Input.Kind == RegisterCallKind.CompareAndSet)
                WriteValue(json, "b", operation.Input.Replacement);
            if (operation.Status == OperationStatus.Ok && operation.Input.Kind == RegisterCallKind.Read)
                WriteValue(json, "out", operation.Output.Value);
            if (operation.Status == OperationStatus.Ok && operation.Input.Kind == RegisterCallKind.CompareAndSet)
                json.WriteBoolean("out", operation.Output.Swapped);
            json.WriteString("st", operation.Status switch
            {
                OperationStatus.Ok => "ok",
                OperationStatus.Fail => "fail",
                OperationStatus.Unknown => "unknown",
                _ => throw new ArgumentException($"There is no status {operation.Status}.", nameof(operation)),
            });
            json.WriteEndObject();
        }

        lines.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static Operation<RegisterCall, RegisterResult> ReadOperation(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("an operation is a JSON object");
        string kindName = Text(json, "op");
        RegisterCallKind kind = kindName switch
        {
            "r" => RegisterCallKind.Read,
            "w" => RegisterCallKind.Write,
            "cas" => RegisterCallKind.CompareAndSet,
            "append" => RegisterCallKind.Append,
            _ => throw new FormatException($"there is no operation '{kindName}': \"op\" is r, w, cas or append"),
        };
        string statusName = Text(json, "st");
        OperationStatus status = statusName switch
        {
            "ok" => OperationStatus.Ok,
            "fail" => OperationStatus.Fail,
            "unknown" => OperationStatus.Unknown,
            _ => throw new FormatException($"there is no status '{statusName}': \"st\" is ok, fail or unknown"),
        };
        if (kind is RegisterCallKind.Write or RegisterCallKind.CompareAndSet or RegisterCallKind.Append && !json.TryGetProperty("a", out _))
            throw new FormatException($"\"{kindName}\" needs \"a\"");
        if (kind == RegisterCallKind.CompareAndSet && !json.TryGetProperty("b", out _))
            throw new FormatException("\"cas\" needs \"b\"");
        RegisterResult output = default;
        if (kind == RegisterCallKind.Read && status == OperationStatus.Ok)
            output = new RegisterResult(Value(json, "out"));
        else if (kind == RegisterCallKind.CompareAndSet)
            output = new RegisterResult(Swapped: ReadSwapped(json, ref status));

        long call = Number(json, "call") ?? throw new FormatException("\"call\" is missing");
        long? end = Number(json, "ret");
        if (status == OperationStatus.Ok && end is null)
            throw new FormatException("\"ret\" is missing, although the operation is ok");
        if (end < call)
            throw new FormatException("\"ret\" is before \"call\"");
        return new Operation<RegisterCall, RegisterResult>
        {
            Client = Number(json, "c") ?? throw new FormatException("\"c\" is missing"),
            Call = call,
            Return = end,
            Key = json.TryGetProperty("k", out JsonElement key) ? ReadValue(key, "k").ToString() : "",
            Input = new RegisterCall(kind, kind == RegisterCallKind.Read ? default : Value(json, "a"), kind == RegisterCallKind.CompareAndSet ? Value(json, "b") : default),
            Output = output,
            Status = status,
            IsQuery = kind == RegisterCallKind.Read,
        };
    }

    /// <summary>A compare-and-set that says that it found another value was executed, whatever it calls that.</summary>
    private static bool ReadSwapped(JsonElement json, ref OperationStatus status)
    {
        if (!json.TryGetProperty("out", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return status == OperationStatus.Ok;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw new FormatException("\"out\" of a cas is true or false");
        bool swapped = value.GetBoolean();
        if (status == OperationStatus.Fail && swapped)
            throw new FormatException("a cas that failed has swapped nothing, and says \"out\":true");
        if (status == OperationStatus.Fail && json.TryGetProperty("ret", out JsonElement end) && end.ValueKind == JsonValueKind.Number)
            status = OperationStatus.Ok;
        return swapped;
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"\"{name}\" is missing, or no text");

    private static long? Number(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw new FormatException($"\"{name}\" is no whole number");
    }

    private static RegisterValue Value(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? ReadValue(value, name) : RegisterValue.None;

    private static RegisterValue ReadValue(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => RegisterValue.None,
        JsonValueKind.String => RegisterValue.Of(value.GetString()),
        JsonValueKind.Number => RegisterValue.Of(value.GetRawText()),
        _ => throw new FormatException($"\"{name}\" is no text, number or null"),
    };

    private static void WriteValue(Utf8JsonWriter json, string name, RegisterValue value)
    {
        if (value.IsNone)
            json.WriteNull(name);
        else
            json.WriteString(name, value.ToString());
    }
}
