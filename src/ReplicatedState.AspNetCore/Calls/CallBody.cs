using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>The body of a call: the name of a command or query, and its payload. Dispose it when the payload was encoded.</summary>
internal sealed class CallBody : IDisposable
{
    private const string TypeName = "type";
    private const string PayloadName = "payload";

    /// <summary>As deep as results are written; how deep the values of a type may be nested, its own encoding says.</summary>
    private const int DepthMax = 1_000;
    private readonly JsonDocument _document;

    private CallBody(JsonDocument document, string? type, JsonElement payload)
    {
        _document = document;
        Type = type;
        Payload = payload;
    }

    /// <summary>The name of the command or query; null where the whole body is the payload.</summary>
    public string? Type { get; }

    /// <summary>The arguments; undefined where there are none.</summary>
    public JsonElement Payload { get; }

    /// <summary>Reads a body of at most so many bytes.</summary>
    /// <exception cref="PayloadTooLargeException">It is larger.</exception>
    /// <exception cref="InvalidCommandException">It is no JSON object, or has other members than it may.</exception>
    public static async Task<CallBody> ReadAsync(HttpContext context, int bytesMax)
    {
        Limit(context, bytesMax);
        JsonDocument? document = null;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = DepthMax }, context.RequestAborted).ConfigureAwait(false);
            CallBody body = Of(document);
            document = null;
            return body;
        }
        catch (JsonException error)
        {
            throw new InvalidCommandException($"The body is no JSON: {error.Message}", error);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(bytesMax, error);
        }
        finally
        {
            document?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    /// <summary>The server counts, also where the length isn't announced.</summary>
    private static void Limit(HttpContext context, int bytesMax)
    {
        if (context.Request.ContentLength > bytesMax)
            throw TooLarge(bytesMax);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = bytesMax;
    }

    private static PayloadTooLargeException TooLarge(int bytesMax, Exception? error = null) => new($"The body is larger than {bytesMax} bytes, which is what transport.max_message_size allows.", error);

    private static CallBody Of(JsonDocument document)
    {
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidCommandException($"The body is {Describe(root.ValueKind)}, and must be an object: {{\"type\": …, \"payload\": {{…}}}}.");
        if (!root.TryGetProperty(TypeName, out JsonElement type))
            return new CallBody(document, null, root);
        if (type.ValueKind != JsonValueKind.String)
            throw new InvalidCommandException($"'{TypeName}' is {Describe(type.ValueKind)}, and must be the name of a command or query.");
        JsonElement payload = default;
        int types = 0;
        int payloads = 0;
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (member.NameEquals(TypeName))
            {
                types++;
            }
            else if (member.NameEquals(PayloadName))
            {
                payload = member.Value;
                payloads++;
            }
            else
            {
                throw new InvalidCommandException($"The body has '{Shorten(member.Name)}' beside '{TypeName}', where only '{PayloadName}' may stand: arguments belong into it.");
            }
        }

        if (types > 1 || payloads > 1)
            throw new InvalidCommandException($"The body has '{(types > 1 ? TypeName : PayloadName)}' twice.");
        return new CallBody(document, type.GetString(), payload);
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => "true or false",
    };
}
