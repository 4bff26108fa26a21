using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Client.Wire;
using ReplicatedState.Protocol.Client.V1;
using ReplicatedState.Transport.Grpc.Clients;
using ReplicatedState.Transport.Grpc.Peers;
using ReplicatedState.Transport.Tests.Clients;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests;

/// <summary>Names that exist twice, in the .proto files and in code.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public void The_services_are_found_by_reflection_under_the_names_that_are_called()
    {
        Assert.Equal(ClientProtocol.ServiceName, StateMachinesProtocol.Descriptor.FullName);
        Assert.Equal(["Apply", "Call", "CloseSession", "OpenSession", "Read", "Watch"], StateMachinesProtocol.Descriptor.Methods.Select(method => method.Name).Order());
        foreach (Runtime.Transport.Lane lane in Enum.GetValues<Runtime.Transport.Lane>())
            Assert.Equal(PeerProtocol.Dial(lane).Name, PeerProtocol.Descriptor.Methods[(int)lane].Name);
        Assert.Equal(PeerProtocol.Dial(default).ServiceName, PeerProtocol.Descriptor.FullName);
    }

    [Fact]
    public async Task The_services_answer_on_their_own_port_only()
    {
        await using NodeHost host = await NodeHost.StartAsync(ScriptedNode.Echo(), localPort: 1);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(
            WireCompatibilityTests.Method<ClientRequest, ClientReply>(MethodType.Unary, "Apply"), null, default, new ClientRequest()));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }
}
