using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>One call of a client, as the client sees it: with all its attempts, from the first to the answer.</summary>
internal sealed class UserCall(CallName name, ReadOnlyMemory<byte> payload, bool isQuery, bool inPages, ReadConsistency consistency, object session, string? key, long calledUs)
{
    private static readonly AsyncLocal<UserCall?> CurrentCall = new();
    private readonly SortedDictionary<ulong, List<RecordedReply>> _replayed = [];

    /// <summary>Whose attempts are made in this flow.</summary>
    public static UserCall? Current
    {
        get => CurrentCall.Value;
        set => CurrentCall.Value = value;
    }

    public CallName Name => name;

    public ReadOnlyMemory<byte> Payload => payload;

    public bool IsQuery => isQuery;

    /// <summary>Whether the query gives a sequence.</summary>
    public bool InPages => inPages;

    public ReadConsistency Consistency => consistency;

    /// <summary>Calls with the same session see what each other has seen, where they ask for it.</summary>
    public object Session => session;

    public string? Key => key;

    public long CalledUs => calledUs;

    public long? ReturnedUs { get; private set; }

    /// <summary>The answer; null where none came, or none that says anything.</summary>
    public RecordedReply? Reply { get; private set; }

    /// <summary>The log index of the answer.</summary>
    public ulong Index { get; private set; }

    /// <summary>It was refused: certainly not executed.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>What the last attempt was answered.</summary>
    public (RecordedReply Reply, ulong Index)? LastAnswer { get; set; }

    /// <summary>What the answer should have been; known when the log has been replayed.</summary>
    /// <remarks>Under a key that was forgotten it may have been executed more than once: the last time before the answer counts.</remarks>
    public RecordedReply? Right => RightAt(_replayed.Keys.LastOrDefault(index => index <= Index, _replayed.Keys.LastOrDefault()));

    /// <summary>What its execution at an index answers; null where it has none there.</summary>
    public RecordedReply? RightAt(ulong index)
    {
        List<RecordedReply> replies = _replayed.GetValueOrDefault(index) ?? [];
        return IsBatch ? BatchedReply.Of(replies) : replies.FirstOrDefault();
    }

    private bool IsBatch => !isQuery && BatchFormat.IsBatch(new MessagePackReader(payload));

    /// <summary>The call was executed in a replay of the log, or the next command of its batch was.</summary>
    public void OnReplayed(RecordedReply reply, ulong index)
    {
        if (!_replayed.TryGetValue(index, out List<RecordedReply>? replies))
            _replayed.Add(index, replies = []);
        replies.Add(reply);
    }

    public void End(Exception? error, long nowUs)
    {
        ReturnedUs = nowUs;
        switch (error)
        {
            case null or CommandRejectedException or CommandFailedException or CommandReplyUnavailableException:
                (Reply, Index) = LastAnswer!.Value;
                break;
            case ConsensusException { IsAmbiguous: false }:
                IsRefused = true;
                break;
        }
    }
}
