using System.Text;

namespace ReplicatedState.Client.Tests.Scripted;

/// <summary>Makes a node's answers.</summary>
internal static class Reply
{
    public static EndpointReply Ok(string body = "done", ulong index = 0) =>
        new() { Status = ReplyStatus.Ok, Body = ReplyBuffer.Copy(Encoding.UTF8.GetBytes(body)), Index = index };

    public static EndpointReply Of(ReplyStatus status, string? code = null) => new() { Status = status, Code = code, Message = $"It is {status}." };

    public static EndpointReply NotLeader(string? leader) => new() { Status = ReplyStatus.NotLeader, LeaderAddress = leader, LeaderName = leader };

    public static EndpointReply Lost() => EndpointReply.Lost("the connection broke");

    public static EndpointReply NotSent() => EndpointReply.NotSent("nobody listens");
}
