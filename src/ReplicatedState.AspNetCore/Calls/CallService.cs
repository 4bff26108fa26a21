using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.AspNetCore.InProcess;
using ReplicatedState.Json;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>Executes commands and answers queries that come as JSON, through the same client as the application's own calls: it finds the leader, retries, and executes once.</summary>
internal sealed class CallService(CallMachines machines, InProcessClient client, ReplicatedNode node, NodeConfiguration configuration)
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary><c>POST …/apply</c>.</summary>
    public Task ApplyAsync(HttpContext context) => GuardAsync(context, machine => ApplyAsync(context, machine));

    /// <summary><c>POST …/read</c>.</summary>
    public Task ReadAsync(HttpContext context) => GuardAsync(context, machine => ReadAsync(context, machine));

    private async Task ApplyAsync(HttpContext context, MachineRegistration machine)
    {
        IStateMachineChannel session = SessionOf(context, machine);
        IStateMachineChannel channel = WithKey(session, context.Request.Header(CallHeaders.IdempotencyKey));
        JsonCall call;
        RequestBuffer request;
        using (CallBody body = await CallBody.ReadAsync(context, configuration.Options.Transport.MaxMessageSize).ConfigureAwait(false))
        {
            call = machine.Definition.Json.Command(body.Type ?? throw new InvalidCommandException("The body has no 'type', which names the command."));
            request = Encode(channel, call, body.Payload);
        }

        using ReplyBuffer reply = await channel.CommandAsync(request, context.RequestAborted).ConfigureAwait(false);
        var answer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(answer, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WriteString("message", "command applied successfully");
            json.WritePropertyName("result");
            call.WriteResult(new ReadOnlySequence<byte>(reply.Bytes), json);
            json.WriteNumber("index", reply.Index);
            json.WriteNumber("term", reply.Term);
            json.WriteEndObject();
        }

        TellSession(context, channel);
        await JsonAnswer.WriteAsync(context, JsonType, answer.WrittenMemory).ConfigureAwait(false);
    }

    private async Task ReadAsync(HttpContext context, MachineRegistration machine)
    {
        IStateMachineChannel channel = SessionOf(context, machine);
        JsonCall call;
        RequestBuffer request;
        ReadConsistency consistency;
        using (CallBody body = await CallBody.ReadAsync(context, configuration.Options.Transport.MaxMessageSize).ConfigureAwait(false))
        {
            call = machine.Definition.Json.Query(body.Type);
            consistency = CallConsistency.Of(context.Request, call.DefaultConsistency);
            request = Encode(channel, call, body.Payload);
        }

        if (call.IsPaged)
        {
            await PagedAnswer.WriteAsync(context, channel, call, channel.QueryPagesAsync(request, consistency, context.RequestAborted)).ConfigureAwait(false);
            return;
        }

        using ReplyBuffer reply = await channel.QueryAsync(request, consistency, context.RequestAborted).ConfigureAwait(false);
        var answer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(answer, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WritePropertyName("result");
            call.WriteResult(new ReadOnlySequence<byte>(reply.Bytes), json);
            json.WriteEndObject();
        }

        TellSession(context, channel);
        await JsonAnswer.WriteAsync(context, JsonType, answer.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Finds the machine, and answers with problem details where the call ends with an error.</summary>
    private async Task GuardAsync(HttpContext context, Func<MachineRegistration, Task> answer)
    {
        MachineRegistration? machine = null;
        try
        {
            if (!context.Request.HasJsonContentType())
            {
                string? type = context.Request.ContentType;
                var error = new InvalidCommandException($"The body has {(type is null ? "no content type" : $"the content type '{type}'")}, and must be application/json.");
                await CallProblem.WriteAsync(context, error, default, StatusCodes.Status415UnsupportedMediaType).ConfigureAwait(false);
                return;
            }

            machine = machines.Find(context.Request.Parameter("machine"));
            await answer(machine).ConfigureAwait(false);
        }
        catch (ConsensusException error)
        {
            await CallProblem.WriteAsync(context, error, error.IsRetryable || error.IsAmbiguous ? LeaderOf(machine) : default).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
    }

    private IStateMachineChannel SessionOf(HttpContext context, MachineRegistration machine)
    {
        SessionToken token = default;
        if (context.Request.Header(CallHeaders.Session) is { } text && !SessionToken.TryParse(text, out token))
            throw new InvalidConsistencyException($"The header {CallHeaders.Session} holds no session token: that is three numbers with dots between them, such as 1.0.1742.");
        return client.Client.Machine(machine.Name).WithSession(token);
    }

    private static IStateMachineChannel WithKey(IStateMachineChannel channel, string? key)
    {
        try
        {
            return key is null ? channel : channel.WithIdempotencyKey(key);
        }
        catch (ArgumentException error)
        {
            throw new InvalidCommandException($"The header {CallHeaders.IdempotencyKey} can't be used: {error.Message}", error);
        }
    }

    private static RequestBuffer Encode(IStateMachineChannel channel, JsonCall call, JsonElement payload)
    {
        RequestBuffer request = channel.RentRequest();
        try
        {
            call.Write(payload, request);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static void TellSession(HttpContext context, IStateMachineChannel channel) => context.Response.Headers[CallHeaders.Session] = channel.SessionToken.ToString();

    private (string? Name, string? Address) LeaderOf(MachineRegistration? machine) =>
        machine is not null && node.Status.Groups.FirstOrDefault(group => group.Name == machine.Name) is { } known ? (known.LeaderName, known.LeaderAddress) : default;
}
