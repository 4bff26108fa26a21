using System.Reflection;
using System.Runtime.CompilerServices;
using ReplicatedState.Consensus.Tests.Harness;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ReplicatedState.Consensus.Tests.Traps;

/// <summary>
/// Each test plays one schedule twice: the core as it should be passes it, and the core with the bug that the test's <see cref="TrapAttribute"/> names fails it.
/// A schedule that passes both times couldn't catch anything.
/// </summary>
public abstract class TrapTests(ITestOutputHelper output)
{
    private protected void Play(Action<CoreMutant> schedule, [CallerMemberName] string test = "")
    {
        CoreMutant planted = GetType().GetMethod(test)!.GetCustomAttributes<TrapAttribute>().Single(trap => trap.Mutant != CoreMutant.None).Mutant;
        schedule(CoreMutant.None);
        Exception? caught = Record.Exception(() => schedule(planted));
        // Anything but a failed expectation, or a core that contradicts itself, is a mistake of the schedule.
        Assert.True(caught is XunitException or InvariantViolationException, $"{planted} passes the schedule, or breaks it: {caught?.ToString() ?? "no complaint"}");
        output.WriteLine($"{planted} is caught by: {caught!.Message}");
    }

    /// <summary>Nodes that hear only messages: votes at once, no pre-votes, no stickiness, so that a schedule is exactly what it says.</summary>
    private protected static TestCluster Plain(CoreMutant mutant, int nodes = 3) =>
        new(nodes, config => config with { PreVote = false, CheckQuorum = false, Mutant = mutant });

    /// <summary>Nodes as they are by default.</summary>
    private protected static TestCluster Default(CoreMutant mutant, int nodes = 3) => new(nodes, config => config with { Mutant = mutant });

    private protected static RaftId Id(int node) => new((ulong)node);

    private protected static Message VoteRequest(int from, int to, ulong term, LogPosition? log = null) => new()
    {
        Kind = MessageKind.Vote,
        From = Id(from),
        To = Id(to),
        Term = term,
        Log = log ?? new LogPosition(1, 1),
    };

    /// <summary>An Append of entries without content.</summary>
    private protected static Message Append(int from, int to, ulong term, LogPosition after, ulong commit, params LogPosition[] entries) => new()
    {
        Kind = MessageKind.Append,
        From = Id(from),
        To = Id(to),
        Term = term,
        Log = after,
        Commit = commit,
        Entries = entries.Select(e => new Entry(e.Index, e.Term, EntryKind.NoOp, (long)e.Index, Payload.Empty)).ToArray(),
    };

    private protected static bool IsGrant(Message m) => m is { Kind: MessageKind.VoteResponse, Reject: false };

    private protected static bool IsAcknowledgement(Message m) => m is { Kind: MessageKind.AppendResponse, Reject: false };
}
