using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>Errors of calls as HTTP tells them: a status, and problem details (RFC 9457) with the same codes as everywhere.</summary>
internal static class CallProblem
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Answers with an error. Nothing was answered yet.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="leader">Who leads the machine's group, as far as this node knows; for errors that name nobody.</param>
    /// <param name="status">Another status than the error's own; 0 for that.</param>
    public static Task WriteAsync(HttpContext context, ConsensusException error, (string? Name, string? Address) leader, int status = 0)
    {
        if (status == 0)
            status = StatusOf(error);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            json.WriteString("detail", error.Message);
            json.WriteString("code", error.Code);
            json.WriteString("error", error.Message);
            if (error is CommandRejectedException rejection)
                json.WriteString("rejection_code", rejection.RejectionCode);
            if (error is CommandFailedException failure)
                json.WriteString("exception", failure.ExceptionType);
            WriteLeader(json, error, leader);
            json.WriteBoolean("ambiguous", error.IsAmbiguous);
            json.WriteBoolean("retryable", error.IsRetryable);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        if (error.IsRetryable)
            context.Response.Headers[HeaderNames.RetryAfter] = RetryAfterSeconds;
        return JsonAnswer.WriteAsync(context, "application/problem+json", body.WrittenMemory);
    }

    /// <summary>The status of an error: 400 and 404 for calls that can't be, 409 for the machine's own refusal, 5xx for what the caller can't help.</summary>
    private static int StatusOf(ConsensusException error) => error switch
    {
        InvalidCommandException or UnknownCommandException or InvalidConsistencyException => StatusCodes.Status400BadRequest,
        UnknownMachineException => StatusCodes.Status404NotFound,
        CommandRejectedException => StatusCodes.Status409Conflict,
        PayloadTooLargeException => StatusCodes.Status413PayloadTooLarge,
        ResultTooLargeException => StatusCodes.Status422UnprocessableEntity,
        OverloadedException => StatusCodes.Status429TooManyRequests,
        CommandOutcomeUnknownException or DeadlineExceededException => StatusCodes.Status504GatewayTimeout,
        CommandFailedException or CommandReplyUnavailableException or InvalidReplyException => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status503ServiceUnavailable, // nobody to ask: no leader, no node, none whose machine or state can answer
    };

    private static void WriteLeader(Utf8JsonWriter json, ConsensusException error, (string? Name, string? Address) leader)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is NotLeaderException { LeaderName: not null } told)
                leader = (told.LeaderName, told.LeaderAddress);
        }

        if (leader.Name is not null)
            json.WriteString("leader_id", leader.Name);
        if (leader.Address is not null)
            json.WriteString("leader_address", leader.Address);
    }
}
