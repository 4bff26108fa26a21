using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReplicatedState.Json;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>A result in pages, sent as one JSON array while it comes.</summary>
internal static class PagedAnswer
{
    /// <exception cref="ConsensusException">The query failed before anything was answered. Later the connection is broken, so that a part never passes for the whole.</exception>
    public static async Task WriteAsync(HttpContext context, IStateMachineChannel channel, JsonCall call, IAsyncEnumerable<ReplyBuffer> result)
    {
        IAsyncEnumerator<ReplyBuffer> pages = result.GetAsyncEnumerator(context.RequestAborted);
        await using (pages.ConfigureAwait(false))
        {
            bool more = await pages.MoveNextAsync().ConfigureAwait(false);
            try
            {
                context.Response.ContentType = "application/json; charset=utf-8";
                context.Response.Headers[CallHeaders.Session] = channel.SessionToken.ToString();
                var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.Options);
                await using (json.ConfigureAwait(false))
                {
                    json.WriteStartObject();
                    json.WriteStartArray("result");
                    for (; more; more = await pages.MoveNextAsync().ConfigureAwait(false))
                    {
                        using (ReplyBuffer page = pages.Current)
                            call.WriteItems(new ReadOnlySequence<byte>(page.Bytes), json);
                        json.Flush();
                        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                }
            }
            catch (ConsensusException)
            {
                context.Abort();
            }
        }
    }
}
