using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits I{Name}Client and {Name}Client.</summary>
internal static class ClientEmitter
{
    private const string Channel = "global::ReplicatedState.IStateMachineChannel";
    private const string Request = "global::ReplicatedState.RequestBuffer";
    private const string Reply = "global::ReplicatedState.ReplyBuffer";
    private const string Consistency = "global::ReplicatedState.ReadConsistency";
    private const string Token = "global::ReplicatedState.SessionToken";
    private const string Cancellation = "global::System.Threading.CancellationToken";
    private const string ValueTask = "global::System.Threading.Tasks.ValueTask";
    private const string BatchSignature = $"{ValueTask}<global::ReplicatedState.BatchReply> BatchAsync(global::ReplicatedState.CommandBatch batch, {Cancellation} cancellationToken = default)";

    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        List<CallModel> calls = [.. machine.Commands.Where(static command => !command.IsRetired), .. machine.Queries];
        code.Line($"/// <summary>Calls the replicated state machine <c>{machine.Name.Replace("<", "&lt;")}</c>. Safe for concurrent use.</summary>");
        code.Line("/// <remarks>Every call ends with a result or with an exception derived from <see cref=\"global::ReplicatedState.ConsensusException\"/>.</remarks>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open($"{machine.Accessibility} partial interface {machine.ClientInterface()}"))
        {
            foreach (CallModel call in calls)
            {
                code.Separate();
                EmitDocumentation(code, call);
                code.Line($"{Signature(call, Names(call))};");
                if (call.IsParams)
                {
                    code.Separate();
                    EmitDocumentation(code, call);
                    code.Line($"{ListSignature(call)};");
                }
            }

            foreach (EventModel item in machine.Events)
                WatchEmitter.EmitDeclaration(code, item);
            code.Separate();
            code.Line($"/// <summary>Executes commands, made by <see cref=\"{machine.CommandFactory()}\"/>, as one entry of the log: in their order, exactly once, with nothing in between. Each ends for itself, and the reply says how.</summary>");
            code.Line("/// <exception cref=\"global::System.ArgumentException\">The batch is empty, or holds another machine's commands.</exception>");
            code.Line($"{BatchSignature};");
            code.Separate();
            code.Line("/// <summary>The same client for commands under an idempotency key: they are executed once, whoever sends them, and all get the first one's reply.</summary>");
            code.Line("/// <remarks>For one command: a further one under the key gets the first one's reply, whatever it asks for, as long as the cluster keeps it. Queries ignore the key.</remarks>");
            code.Line("/// <param name=\"key\">1 to 64 bytes of UTF-8.</param>");
            code.Line("/// <exception cref=\"global::System.ArgumentException\">The key is null, empty, too long or no Unicode text.</exception>");
            code.Line($"{machine.ClientInterface()} WithIdempotencyKey(string key);");
            code.Separate();
            code.Line("/// <summary>The same client for a session of its own, such as one user's: its queries at <see cref=\"global::ReplicatedState.ReadConsistency.Session\"/> see what its own calls have seen.</summary>");
            code.Line("/// <param name=\"token\">What the session has seen before, through this client or another; the default for nothing.</param>");
            code.Line($"{machine.ClientInterface()} WithSession({Token} token = default);");
            code.Separate();
            code.Line("/// <summary>What the calls of this client's session have seen by now, to be taken elsewhere.</summary>");
            code.Line($"{Token} SessionToken {{ get; }}");
        }

        code.Separate();
        code.Line($"/// <inheritdoc cref=\"{machine.ClientInterface()}\"/>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open($"{machine.Accessibility} class {machine.Client()} : {machine.ClientInterface()}"))
        {
            code.Line($"private readonly {Channel} _channel;");
            code.Separate();
            code.Line("/// <summary>Makes a client that sends its calls through the channel.</summary>");
            using (code.Open($"public {machine.Client()}({Channel} channel)"))
                code.Line("_channel = channel;");
            code.Separate();
            code.Line("/// <inheritdoc/>");
            code.Line($"public {machine.ClientInterface()} WithIdempotencyKey(string key) => new {machine.Client()}(_channel.WithIdempotencyKey(key));");
            code.Separate();
            code.Line("/// <inheritdoc/>");
            code.Line($"public {machine.ClientInterface()} WithSession({Token} token = default) => new {machine.Client()}(_channel.WithSession(token));");
            code.Separate();
            code.Line("/// <inheritdoc/>");
            code.Line($"public {Token} SessionToken => _channel.SessionToken;");
            foreach (CallModel call in calls)
            {
                EmitCall(code, machine, call, codecs);
                if (call.IsParams)
                    EmitListCall(code, call);
            }

            foreach (EventModel item in machine.Events)
                WatchEmitter.EmitMethod(code, item, codecs);
            code.Separate();
            code.Line("/// <inheritdoc/>");
            code.Line($"public {BatchSignature} => global::ReplicatedState.BatchCall.SendAsync(_channel, {Quote(machine.Name)}, batch, cancellationToken);");
        }
    });

    private static (string Consistency, string Cancellation, string Request, string Writer) Names(CallModel call)
    {
        var names = new LocalNames([.. call.Parameters.Where(static p => !p.IsContext).Select(static p => p.Name)]);
        return (names.Take("consistency"), names.Take("cancellationToken"), names.Take("request"), names.Take("writer"));
    }

    private static void EmitDocumentation(CodeWriter code, CallModel call)
    {
        string name = call.Name.Replace("&", "&amp;").Replace("<", "&lt;");
        string what = call.IsCommand()
            ? $"Executes the command <c>{name}</c> exactly once."
            : $"Asks the query <c>{name}</c>{(call.IsPaged ? " each time that the result is enumerated, and gets it in pages from one applied index" : "")}; {Describe(call)} unless a consistency is named.";
        if (call.DocumentationId is { } id)
        {
            code.Line($"/// <inheritdoc cref=\"{id}\"/>");
            code.Line($"/// <remarks>{what}</remarks>");
        }
        else
        {
            code.Line($"/// <summary>{what}</summary>");
        }
    }

    private static string Describe(CallModel call) => call.Consistency switch
    {
        "BoundedStaleness" => $"at most {call.MaxStalenessMs} ms old",
        "Lease" => "linearizable by the leader's lease",
        "Session" => "as the session has seen",
        _ => call.Consistency.ToLowerInvariant(),
    };

    private static string Default(CallModel call) => call.MaxStalenessMs == 0
        ? $"{Consistency}.{call.Consistency}"
        : $"{Consistency}.{call.Consistency}(global::System.TimeSpan.FromMilliseconds({call.MaxStalenessMs}L))";

    /// <summary>What the client's method returns.</summary>
    private static string Result(CallModel call) => call.IsPaged ? call.ResultTypeName : call.Result is null ? ValueTask : $"{ValueTask}<{call.ResultTypeName}>";

    private static string Signature(CallModel call, (string Consistency, string Cancellation, string Request, string Writer) names)
    {
        IEnumerable<string> parameters = call.Parameters.Where(static p => !p.IsContext)
            .Select(static p => $"{p.TypeName} {p.Name}{(p.DefaultValue is null ? "" : $" = {p.DefaultValue}")}");
        if (!call.IsCommand())
            parameters = parameters.Append($"{Consistency}? {names.Consistency} = null");
        return $"{Result(call)} {call.Identifier}Async({string.Join(", ", parameters.Append($"{Cancellation} {names.Cancellation} = default"))})";
    }

    /// <summary>For calls that list the elements of the last argument: nothing can follow those, so it has neither consistency nor cancellation.</summary>
    private static string ListSignature(CallModel call)
    {
        ParameterModel[] arguments = [.. call.Parameters.Where(static p => !p.IsContext)];
        IEnumerable<string> parameters = arguments.Select((p, i) => $"{(i == arguments.Length - 1 ? "params " : "")}{p.TypeName} {p.Name}");
        return $"{Result(call)} {call.Identifier}Async({string.Join(", ", parameters)})";
    }

    private static void EmitListCall(CodeWriter code, CallModel call)
    {
        string arguments = string.Join(", ", call.Parameters.Where(static p => !p.IsContext).Select(static p => p.Name));
        code.Separate();
        code.Line("/// <inheritdoc/>");
        code.Line($"public {ListSignature(call)} => {call.Identifier}Async({arguments}, {(call.IsCommand() ? "" : "null, ")}default);");
    }

    private static void EmitCall(CodeWriter code, MachineModel machine, CallModel call, CodecCalls codecs)
    {
        var names = Names(call);
        string arguments = string.Concat(call.Parameters.Where(static p => !p.IsContext).Select(static p => $", {p.Name}"));
        code.Separate();
        code.Line("/// <inheritdoc/>");
        if (call.IsPaged)
        {
            PagedQueryEmitter.EmitCall(code, machine, call, codecs, Signature(call, names), names, Default(call));
            return;
        }

        using (code.Open($"public {Signature(call, names)}"))
        {
            code.Line($"{Request} {names.Request} = _channel.RentRequest();");
            code.Line($"var {names.Writer} = new {Writer}({names.Request});");
            code.Line($"{machine.Wire()}.{call.Envelope()}.Write(ref {names.Writer}{arguments});");
            code.Line($"{names.Writer}.Flush();");
            string pending = call.IsCommand()
                ? $"_channel.CommandAsync({names.Request}, {names.Cancellation})"
                : $"_channel.QueryAsync({names.Request}, {names.Consistency} ?? {Default(call)}, {names.Cancellation})";
            code.Line($"return Complete{call.Envelope()}({pending});");
        }

        EmitCompletion(code, call, codecs);
    }

    /// <summary>Apart from the call, so that no argument is held while the reply is awaited; pooled, because this is the hot path.</summary>
    private static void EmitCompletion(CodeWriter code, CallModel call, CodecCalls codecs)
    {
        string builder = $"global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder{(call.Result is null ? "" : "<>")}";
        code.Separate();
        code.Line($"[global::System.Runtime.CompilerServices.AsyncMethodBuilder(typeof({builder}))]");
        using (code.Open($"private static async {Result(call)} Complete{call.Envelope()}({ValueTask}<{Reply}> pending)"))
        {
            code.Line($"using {Reply} reply = await pending.ConfigureAwait(false);");
            if (call.Result is not { } use)
                return;
            using (code.Open("try"))
            {
                code.Line($"var reader = new {Reader}(reply.Bytes);");
                code.Line($"return {codecs.Read(use, $"{DecodeOrigin}.Reply")};");
            }

            using (code.Open($"catch (global::System.Exception error) when ({CallFormat}.IsDecodingError(error))"))
                code.Line($"throw {CallFormat}.InvalidReply({Quote(call.Described())}, error);");
        }
    }
}
