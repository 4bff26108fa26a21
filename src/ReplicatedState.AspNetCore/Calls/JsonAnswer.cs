using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>JSON that is sent whole.</summary>
internal static class JsonAnswer
{
    /// <summary>Text outside of ASCII as it is, as ASP.NET Core's own answers have it: it stands in no page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }
}
