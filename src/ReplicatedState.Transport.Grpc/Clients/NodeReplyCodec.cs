using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>Writes the node's answer as the message <c>ClientReply</c> of <c>client.proto</c>.</summary>
internal static class NodeReplyCodec
{
    /// <summary>How many bytes the message takes.</summary>
    public static int Measure(ulong id, in NodeReply reply) =>
        ProtoWriter.SizeOfField(id)
        + ProtoWriter.SizeOfField((ulong)reply.Status)
        + ProtoWriter.SizeOfField(reply.Body.Length)
        + ProtoWriter.SizeOfField(reply.Index)
        + ProtoWriter.SizeOfField(reply.Term)
        + ProtoWriter.SizeOfField(reply.Code)
        + ProtoWriter.SizeOfField(reply.Message)
        + ProtoWriter.SizeOfField(reply.LeaderName)
        + ProtoWriter.SizeOfField(reply.LeaderAddress)
        + ProtoWriter.SizeOfField((ulong)reply.Group)
        + ProtoWriter.SizeOfField((ulong)reply.Epoch)
        + ProtoWriter.SizeOfField(reply.Cursor);

    /// <summary>Writes what <see cref="Measure"/> measured.</summary>
    public static void Write(ref ProtoWriter writer, ulong id, in NodeReply reply)
    {
        writer.Field(1, id);
        writer.Field(2, (ulong)reply.Status);
        writer.Field(3, reply.Body);
        writer.Field(4, reply.Index);
        writer.Field(5, reply.Term);
        writer.Field(6, reply.Code);
        writer.Field(7, reply.Message);
        writer.Field(8, reply.LeaderName);
        writer.Field(9, reply.LeaderAddress);
        writer.Field(10, reply.Group);
        writer.Field(11, reply.Epoch);
        writer.Field(12, reply.Cursor);
    }
}
