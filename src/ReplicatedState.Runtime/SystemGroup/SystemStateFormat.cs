using System.Collections.Immutable;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>The encodings of the system group's commands, snapshots and answers. Part of the wire and of the disk's format.</summary>
internal static class SystemStateFormat
{
    private const int MemberParts = 9;
    private const int MachineParts = 3;
    private const int GroupParts = 10;
    private const uint ClusterIdKey = 1;
    private const uint EpochKey = 2;
    private const uint LabelKey = 3;
    private const uint MembersKey = 4;
    private const uint GroupsKey = 5;
    private const uint NextGroupIdKey = 6;
    private const uint MembershipIndexKey = 7;
    private const uint RemovedKey = 8;

    /// <summary>The state members, as the manifest lists them.</summary>
    public static IReadOnlyList<ManifestMember> StateMembers { get; } =
    [
        new(ClusterIdKey, nameof(SystemState.ClusterId), 1, "Guid?"),
        new(EpochKey, nameof(SystemState.Epoch), 1, "uint"),
        new(LabelKey, nameof(SystemState.Label), 1, "string"),
        new(MembersKey, nameof(SystemState.Members), 1, "Member[]"),
        new(GroupsKey, nameof(SystemState.Groups), 1, "ClusterGroup[]"),
        new(NextGroupIdKey, nameof(SystemState.NextGroupId), 1, "uint"),
        new(MembershipIndexKey, nameof(SystemState.MembershipIndex), 1, "ulong"),
        new(RemovedKey, nameof(SystemState.Removed), 1, "RaftId[]"),
    ];

    public static void Write(ref MessagePackWriter writer, SystemState state)
    {
        writer.WriteMapHeader(StateMembers.Count);
        writer.Write(ClusterIdKey);
        if (state.ClusterId is { } clusterId)
            ScalarFormat.Write(ref writer, clusterId);
        else
            writer.WriteNil();
        writer.Write(EpochKey);
        writer.Write(state.Epoch);
        writer.Write(LabelKey);
        writer.Write(state.Label);
        writer.Write(MembersKey);
        WriteMembers(ref writer, [.. state.Members.Values]);
        writer.Write(GroupsKey);
        writer.WriteArrayHeader(state.Groups.Count);
        foreach (ClusterGroup group in state.Groups.Values)
            Write(ref writer, group);
        writer.Write(NextGroupIdKey);
        writer.Write(state.NextGroupId);
        writer.Write(MembershipIndexKey);
        writer.Write(state.MembershipIndex);
        writer.Write(RemovedKey);
        WriteIds(ref writer, state.Removed);
    }

    public static SystemState Read(ref MessagePackReader reader)
    {
        SystemState state = SystemState.Empty;
        uint seen = 0;
        for (int left = SnapshotFormat.ReadHeader(ref reader, SystemMachine.MachineName); left > 0; left--)
        {
            uint key = SnapshotFormat.ReadKey(ref reader, SystemMachine.MachineName);
            state = key switch
            {
                ClusterIdKey => state with { ClusterId = reader.TryReadNil() ? null : ScalarFormat.ReadGuid(ref reader) },
                EpochKey => state with { Epoch = reader.ReadUInt32() },
                LabelKey => state with { Label = ReadString(ref reader) },
                MembersKey => state with { Members = ReadMembers(ref reader).ToImmutableSortedDictionary(member => member.Id, member => member) },
                GroupsKey => state with { Groups = ReadGroups(ref reader) },
                NextGroupIdKey => state with { NextGroupId = reader.ReadUInt32() },
                MembershipIndexKey => state with { MembershipIndex = reader.ReadUInt64() },
                RemovedKey => state with { Removed = [.. ReadIds(ref reader)] },
                _ => throw SnapshotFormat.UnknownKey(SystemMachine.MachineName, key, SystemMachine.Manifest.Version),
            };
            if ((seen & (1u << (int)key)) != 0)
                throw SnapshotFormat.DuplicateKey(SystemMachine.MachineName, StateMembers.First(member => member.Id == key).Name);
            seen |= 1u << (int)key;
        }

        foreach (ManifestMember member in StateMembers)
        {
            if ((seen & (1u << (int)member.Id)) == 0)
                throw SnapshotFormat.MissingKey(SystemMachine.MachineName, member.Name, member.Since, SystemMachine.Version);
        }

        return state;
    }

    public static void WriteMembers(ref MessagePackWriter writer, ImmutableArray<Member> members)
    {
        writer.WriteArrayHeader(members.Length);
        foreach (Member member in members)
            Write(ref writer, member);
    }

    public static ImmutableArray<Member> ReadMembers(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        ImmutableArray<Member>.Builder members = ImmutableArray.CreateBuilder<Member>();
        for (int i = 0; i < count; i++)
            members.Add(ReadMember(ref reader));
        return members.ToImmutable();
    }

    public static void Write(ref MessagePackWriter writer, Member member)
    {
        writer.WriteArrayHeader(MemberParts);
        writer.Write(member.Id.Value);
        writer.Write(member.Name);
        writer.Write((byte)member.Standing);
        writer.Write(member.PeerAddress);
        writer.Write(member.HttpAddress);
        writer.Write(member.WireVersionMin);
        writer.Write(member.WireVersionMax);
        writer.WriteMapHeader(member.Labels.Count);
        foreach ((string key, string value) in member.Labels)
        {
            writer.Write(key);
            writer.Write(value);
        }

        writer.WriteArrayHeader(member.Machines.Length);
        foreach (MemberMachine machine in member.Machines)
        {
            writer.WriteArrayHeader(MachineParts);
            writer.Write(machine.Name);
            writer.Write(machine.Version);
            writer.Write(machine.SchemaHash);
        }
    }

    public static Member ReadMember(ref MessagePackReader reader)
    {
        ExpectArray(ref reader, MemberParts, "A member");
        return new Member
        {
            Id = new RaftId(reader.ReadUInt64()),
            Name = ReadString(ref reader),
            Standing = ReadStanding(ref reader),
            PeerAddress = ReadString(ref reader),
            HttpAddress = ReadString(ref reader),
            WireVersionMin = reader.ReadInt32(),
            WireVersionMax = reader.ReadInt32(),
            Labels = ReadLabels(ref reader),
            Machines = ReadMachines(ref reader),
        };
    }

    public static string ReadString(ref MessagePackReader reader) =>
        reader.ReadString() ?? throw new MessagePackSerializationException("A string is missing.");

    private static ImmutableSortedDictionary<string, string> ReadLabels(ref MessagePackReader reader)
    {
        int count = reader.ReadMapHeader();
        ImmutableSortedDictionary<string, string>.Builder labels = Member.NoLabels.ToBuilder();
        for (int i = 0; i < count; i++)
            labels.Add(ReadString(ref reader), ReadString(ref reader));
        return labels.ToImmutable();
    }

    private static ImmutableArray<MemberMachine> ReadMachines(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        ImmutableArray<MemberMachine>.Builder machines = ImmutableArray.CreateBuilder<MemberMachine>();
        for (int i = 0; i < count; i++)
        {
            ExpectArray(ref reader, MachineParts, "A member's machine");
            machines.Add(new MemberMachine(ReadString(ref reader), reader.ReadInt32(), reader.ReadUInt64()));
        }

        return machines.ToImmutable();
    }

    private static void Write(ref MessagePackWriter writer, ClusterGroup group)
    {
        writer.WriteArrayHeader(GroupParts);
        writer.Write(group.Id.Value);
        writer.Write(group.Name);
        writer.Write(group.Machine);
        ScalarFormat.Write(ref writer, group.Genesis.Secret);
        writer.Write(group.Genesis.MachineVersion);
        SessionLimitsFormat.Write(ref writer, group.Genesis.Limits);
        writer.Write(group.CreatedAt);

        WriteIds(ref writer, group.FirstConfiguration.Voters);
        WriteIds(ref writer, group.FirstConfiguration.Learners);
        writer.Write(group.MachineVersion);
    }

    private static ClusterGroup ReadGroup(ref MessagePackReader reader)
    {
        ExpectArray(ref reader, GroupParts, "A group");
        return new ClusterGroup(
            new GroupId(reader.ReadUInt32()),
            ReadString(ref reader),
            ReadString(ref reader),
            new GroupGenesis(ScalarFormat.ReadUInt128(ref reader), reader.ReadInt32(), SessionLimitsFormat.Read(ref reader)),
            reader.ReadUInt64(),
            Configuration.Of(ReadIds(ref reader)) with { Learners = [.. ReadIds(ref reader)] })
        {
            MachineVersion = reader.ReadInt32(),
        };
    }

    private static ImmutableSortedDictionary<string, ClusterGroup> ReadGroups(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        ImmutableSortedDictionary<string, ClusterGroup>.Builder groups = SystemState.Empty.Groups.ToBuilder();
        for (int i = 0; i < count; i++)
        {
            ClusterGroup group = ReadGroup(ref reader);
            groups.Add(group.Name, group);
        }

        return groups.ToImmutable();
    }

    private static MemberStanding ReadStanding(ref MessagePackReader reader)
    {
        byte standing = reader.ReadByte();
        return standing <= (byte)MemberStanding.Leaving
            ? (MemberStanding)standing
            : throw new MessagePackSerializationException($"A member's standing is {standing}, which means nothing here.");
    }

    private static void WriteIds(ref MessagePackWriter writer, IReadOnlyCollection<RaftId> ids)
    {
        writer.WriteArrayHeader(ids.Count);
        foreach (RaftId id in ids)
            writer.Write(id.Value);
    }

    private static List<RaftId> ReadIds(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        List<RaftId> ids = [];
        for (int i = 0; i < count; i++)
            ids.Add(new RaftId(reader.ReadUInt64()));
        return ids;
    }

    private static void ExpectArray(ref MessagePackReader reader, int parts, string what)
    {
        int count = reader.ReadArrayHeader();
        if (count != parts)
            throw new MessagePackSerializationException($"{what} has {parts} parts, not {count}.");
    }
}
