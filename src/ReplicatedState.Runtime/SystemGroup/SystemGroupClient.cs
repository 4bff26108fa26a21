using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>Calls the system group through a channel, as a generated client calls its machine. Safe for concurrent use.</summary>
/// <remarks>Every method ends with the errors that <see cref="IStateMachineChannel"/> names; a rejection's code is one of the machine's.</remarks>
public sealed class SystemGroupClient(IStateMachineChannel channel)
{
    /// <summary>Adds members, or replaces what is known of them: all or none.</summary>
    public ValueTask RegisterMembersAsync(RegisterMembers command, CancellationToken cancellationToken = default) => CallAsync(command, cancellationToken);

    /// <summary>Replaces what is known of a member.</summary>
    public ValueTask UpdateMemberAsync(UpdateMember command, CancellationToken cancellationToken = default) => CallAsync(command, cancellationToken);

    /// <summary>Creates a group, unless its name exists, and returns its id.</summary>
    public async ValueTask<GroupId> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken = default)
    {
        using ReplyBuffer reply = await SendAsync(command, cancellationToken).ConfigureAwait(false);
        return ReadGroupId(reply);
    }

    /// <summary>What the cluster knows of itself.</summary>
    public async ValueTask<SystemState> GetStateAsync(ReadConsistency consistency = ReadConsistency.Linearizable, CancellationToken cancellationToken = default)
    {
        using ReplyBuffer reply = await channel.QueryAsync(StateQuery(), consistency, cancellationToken).ConfigureAwait(false);
        return ReadState(reply);
    }

    private async ValueTask CallAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : ISystemCommand<TCommand>
    {
        using ReplyBuffer reply = await SendAsync(command, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ReplyBuffer> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : ISystemCommand<TCommand>
    {
        RequestBuffer request = channel.RentRequest();
        command.WriteTo(request);
        return channel.CommandAsync(request, cancellationToken);
    }

    private RequestBuffer StateQuery()
    {
        RequestBuffer request = channel.RentRequest();
        var writer = new MessagePackWriter(request);
        CallFormat.WriteHeader(ref writer, SystemMachine.StateQueryId, argumentCount: 0);
        writer.Flush();
        return request;
    }

    private static GroupId ReadGroupId(ReplyBuffer reply)
    {
        var reader = new MessagePackReader(reply.Bytes);
        return new GroupId(reader.ReadUInt32());
    }

    private static SystemState ReadState(ReplyBuffer reply)
    {
        var reader = new MessagePackReader(reply.Bytes);
        return SystemStateFormat.Read(ref reader);
    }
}
