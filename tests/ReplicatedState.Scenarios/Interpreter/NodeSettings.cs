using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>What <c>add-nodes</c> says of the nodes that it adds.</summary>
internal sealed record NodeSettings
{
    /// <summary>The reference engine's election timeout in its tests; a drawn one lies between this and twice this, exclusive.</summary>
    public const int ElectionTicks = 3;

    public const int HeartbeatTicks = 1;

    /// <summary>What a tick lasts; only leases ask.</summary>
    public const int TickMs = 100;

    public required Configuration Configuration { get; init; }

    /// <summary>The index of the snapshot that the nodes start from; 0 for none.</summary>
    public ulong Index { get; init; }

    public bool AsyncStorageWrites { get; init; }

    public bool PreVote { get; init; }

    public bool CheckQuorum { get; init; }

    /// <summary>Whether reads may be answered by the leader's lease.</summary>
    public bool Leases { get; init; }

    public int InflightMessagesMax { get; init; } = int.MaxValue;

    public ulong CommittedBytesMax { get; init; } = ulong.MaxValue;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ScenarioFormatException">One is unknown or contradicts another.</exception>
    public static NodeSettings Of(Command command)
    {
        foreach (Argument argument in command.Arguments.Skip(1))
        {
            if (argument.Key is not ("voters" or "learners" or "index" or "inflight" or "content" or "async-storage-writes" or "prevote" or "checkquorum"
                or "max-committed-size-per-ready" or "disable-conf-change-validation" or "read-only" or "step-down-on-removal"))
                throw new ScenarioFormatException(command.Line, $"add-nodes: '{argument.Key}' is not known");
        }

        string? readOnly = command.Value("read-only");
        if (readOnly is not (null or "safe" or "lease-based"))
            throw new ScenarioFormatException(command.Line, $"add-nodes: read-only={readOnly} is not known");
        ulong index = command.Numbers("index") is [var given, ..] ? given : 0;
        if (index <= 1 && command.Arguments.Count > 1 && (command.Values("voters").Count > 0 || index == 1))
            throw new ScenarioFormatException(command.Line, "index must be more than 1 where nodes start with a configuration");
        return new NodeSettings
        {
            Configuration = new Configuration(
                [.. command.Numbers("voters").Select(id => new RaftId(id)).Order()], [], [.. command.Numbers("learners").Select(id => new RaftId(id)).Order()]),
            Index = index,
            AsyncStorageWrites = command.Flag("async-storage-writes"),
            PreVote = command.Flag("prevote"),
            CheckQuorum = command.Flag("checkquorum"),
            Leases = readOnly == "lease-based",
            InflightMessagesMax = command.Numbers("inflight") is [var inflight, ..] ? (int)inflight : int.MaxValue,
            CommittedBytesMax = command.Numbers("max-committed-size-per-ready") is [var bytes, ..] ? bytes : ulong.MaxValue,
        };
    }

    public CoreConfig ToCoreConfig(RaftId self) => new()
    {
        Self = self,
        HeartbeatTicks = HeartbeatTicks,
        ElectionTicksMin = ElectionTicks,
        ElectionTicksMax = (2 * ElectionTicks) - 1,
        PreVote = PreVote,
        CheckQuorum = CheckQuorum,
        TickMs = TickMs,
        LeasePromiseMs = Leases ? ElectionTicks * TickMs : 0,
        AbstainTicks = Leases ? ElectionTicks + 2 : 0,
        MayLackHardState = true,
        MayAddVotersUnseen = true,
        AppendEntriesMax = int.MaxValue,
        AppendBytesMax = long.MaxValue,
        InflightMessagesMax = InflightMessagesMax,
        InflightBytesMax = long.MaxValue,
        UncommittedBytesMax = long.MaxValue,
        UnappliedBytesMax = long.MaxValue,
    };
}
