using Microsoft.Extensions.Logging;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Storage.ZoneTree;

namespace ReplicatedState.AspNetCore.Hosting;

/// <summary>Makes the node that the configuration describes.</summary>
internal static class NodeFactory
{
    public static ReplicatedNode Create(
        NodeConfiguration configuration, IEnumerable<MachineRegistration> machines, ITransport transport, IScheduler scheduler, IClock clock, ILoggerFactory loggers)
    {
        IDisk disk = LocalDisk.ForThisSystem();
        return new ReplicatedNode(
            OptionsOf(configuration),
            new NodeServices
            {
                Disk = disk,
                OpenLogStore = directory => configuration.Options.Storage.Type == "memory"
                    ? new MemoryLogStore()
                    : ZoneTreeLogStore.Open(disk, directory.LogPath, StoreOptionsOf(configuration.Options.Storage), loggers.CreateLogger<ZoneTreeLogStore>()),
                Transport = transport,
                Scheduler = scheduler,
                Clock = clock,
                Entropy = new SystemEntropy(),
                Loggers = loggers,
            },
            [.. machines]);
    }

    /// <summary>What the store is told.</summary>
    public static ZoneTreeLogStoreOptions StoreOptionsOf(StorageSection storage) => new()
    {
        SegmentBytes = storage.MemTableSize,
        FrozenBytesMax = storage.MemTableSize * storage.MemTables,
        MergeOnOpen = storage.CompactOnStart,
    };

    /// <summary>What the runtime is told, in its own units.</summary>
    public static NodeOptions OptionsOf(NodeConfiguration configuration)
    {
        ConsensusOptions options = configuration.Options;
        return new NodeOptions
        {
            Name = configuration.NodeName,
            ClusterLabel = options.ClusterId,
            PeerAddress = configuration.Addresses.AdvertisedPeer,
            HttpAddress = configuration.Addresses.AdvertisedHttp,
            Peers = [.. options.Peers.Select(peer => new PeerAddress(peer.Id, NodeAddresses.HostAndPort(peer.Address, peer.Port)))],
            Raft = new RaftOptions
            {
                HeartbeatIntervalMs = (int)options.Raft.HeartbeatInterval.TotalMilliseconds,
                ElectionTimeoutMinMs = (int)options.Raft.ElectionTimeoutMin.TotalMilliseconds,
                ElectionTimeoutMaxMs = (int)options.Raft.ElectionTimeoutMax.TotalMilliseconds,
                SnapshotIntervalMs = (long)options.Raft.SnapshotInterval.TotalMilliseconds,
                SnapshotThreshold = options.Raft.SnapshotThreshold,
                TrailingLogs = options.Raft.TrailingLogs,
                LogCacheSize = options.Raft.LogCacheSize,
                MaxAppendEntries = options.Raft.MaxAppendEntries,
                ReplicationBatchSize = options.Raft.ReplicationBatchSize,
                PreVote = LeaseRules.PreVoteOf(options),
                CheckQuorum = options.Raft.CheckQuorum,
                DisablePipeline = options.Raft.DisablePipeline,
                MaxClockSkewMs = (long)options.Raft.MaxClockSkew.TotalMilliseconds,
                MayCampaign = options.Election.Enabled,
                Priority = options.Election.PriorityElection ? options.Election.Priority : 0,
                LeasePromiseMs = (int)LeaseRules.PromiseOf(options).TotalMilliseconds,
                MaxClockDriftPerMille = options.Raft.MaxClockDriftPermille,
                ReinstallQuarantined = options.Raft.ReinstallQuarantined,
            },
            Storage = new StorageOptions
            {
                Path = Path.GetFullPath(options.Storage.Path),
                SyncWrites = options.Storage.SyncWrites,
                MaxBatchSize = options.Storage.MaxBatchSize,
                MaxBatchDelayUs = (long)options.Storage.MaxBatchDelay.TotalMicroseconds,
                LowSpaceBytes = options.Storage.LowSpace,
                LowSpacePercent = options.Storage.LowSpacePercent,
                ReserveBytes = options.Storage.Reserve,
            },
            Upgrade = new UpgradeOptions { AutoActivate = options.UpgradeAutoActivate ?? false },
            Transport = new TransportOptions
            {
                MaxMessageSize = options.Transport.MaxMessageSize,
                SnapshotBytesPerSecond = options.Transport.SnapshotRate,
            },
        };
    }
}
