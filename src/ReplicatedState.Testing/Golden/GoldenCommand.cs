using ReplicatedState.Testing.Determinism;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Golden;

/// <summary>A command as it was encoded, and how it was answered.</summary>
/// <param name="Index">Its number, from which chance follows.</param>
/// <param name="NowMs">Its time, in Unix milliseconds.</param>
/// <param name="Timer">The timer that had it executed, or 0.</param>
/// <param name="Payload">The encoded command.</param>
/// <param name="Reply">The answer on one line.</param>
internal sealed record GoldenCommand(ulong Index, long NowMs, ulong Timer, byte[] Payload, string Reply)
{
    public static GoldenCommand Of(ProbeCall call) =>
        new(call.Stamp.Index, call.Stamp.Now.ToUnixTimeMilliseconds(), call.Stamp.Timer?.Value ?? 0, call.Payload, Describe(call.Outcome.Reply));

    /// <summary>What the context tells it under a machine version.</summary>
    public CommandStamp StampAt(int version) => ProbeRecording.StampOf(Index, NowMs, Timer == 0 ? null : new TimerId(Timer), version);

    /// <summary>An answer on one line, whole: two are equal if their lines are.</summary>
    public static string Describe(RecordedReply reply) => reply.Status switch
    {
        ReplyStatus.Ok => $"ok {Convert.ToHexString(reply.Body.Span)}",
        ReplyStatus.Rejected => $"rejected {reply.Code} {reply.Message?.ReplaceLineEndings(" ")}",
        _ => $"failed {reply.Code}",
    };
}
