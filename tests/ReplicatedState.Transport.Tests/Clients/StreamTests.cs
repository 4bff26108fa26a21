using System.Text;
using ReplicatedState.Client;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Clients;

public sealed class StreamTests
{
    [Fact]
    public async Task A_command_and_a_query_reach_the_node_and_their_answers_the_caller()
    {
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        await using var client = new ReplicatedStateClient(new ReplicatedStateClientOptions { Endpoints = { host.Address }, Machine = "bank" });
        IStateMachineChannel bank = client.Machine();

        using ReplyBuffer first = await bank.CommandAsync(Call.Of("transfer"), default);
        using ReplyBuffer second = await bank.QueryAsync(Call.Of("balance"), ReadConsistency.Local, default);

        Assert.Equal("transfer", Encoding.UTF8.GetString(first.Bytes.Span));
        Assert.Equal("balance", Encoding.UTF8.GetString(second.Bytes.Span));
        Assert.Equal([RequestKind.OpenSession, RequestKind.Command, RequestKind.Query], node.Requests.Select(asked => asked.Kind));
        Assert.All(node.Requests, asked => Assert.Equal("bank", asked.Machine));
        ScriptedNode.Asked command = node.Requests.ElementAt(1);
        Assert.Equal((7UL, 1UL, 0UL), (command.Session, command.Sequence, command.AcknowledgedUpTo));
        Assert.Equal(ReadConsistency.Local, node.Requests.ElementAt(2).Consistency);
    }
}
