using System.Buffers;
using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>The first two entries of a cluster: who votes, and who everybody is. Equal on every member, committed by definition.</summary>
internal static class Founding
{
    /// <summary>The term of the first entries.</summary>
    public const ulong Term = 1;

    /// <summary>How many they are.</summary>
    public const ulong EntryCount = 2;

    /// <summary>Makes the first entries of a cluster of these nodes.</summary>
    public static Entry[] FirstEntries(Guid cluster, string label, IReadOnlyList<Greeting> nodes)
    {
        Configuration configuration = Configuration.Of(nodes.Select(static node => node.Node));
        var form = new FormCluster(cluster, 0, label, [.. nodes.OrderBy(static node => node.Node).Select(Describe)]);
        return
        [
            new Entry(1, Term, EntryKind.Config, 0, Payload.Of(ConfigurationCodec.Encode(configuration))),
            new Entry(2, Term, EntryKind.Command, 0, Payload.Of(Encode(form))),
        ];
    }

    /// <summary>What the cluster's records say of a node that introduced itself.</summary>
    public static Member Describe(Greeting node) => new()
    {
        Id = node.Node,
        Name = node.Name,
        PeerAddress = node.PeerAddress,
        HttpAddress = node.HttpAddress,
        WireVersionMin = node.WireMin,
        WireVersionMax = node.WireMax,
        Machines = [.. node.Machines.Select(static machine => new MemberMachine(machine.Name, machine.Version, machine.SchemaHash))],
    };

    /// <summary>A command of the system group as the payload of its entry, sent by the node itself.</summary>
    public static byte[] Encode<TCommand>(TCommand command)
        where TCommand : ISystemCommand<TCommand>
    {
        var header = default(CommandHeader);
        var buffer = new ArrayBufferWriter<byte>();
        int size = header.Size;
        header.Write(buffer.GetSpan(size));
        buffer.Advance(size);
        command.WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
