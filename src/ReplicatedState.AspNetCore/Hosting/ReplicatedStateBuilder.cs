using Microsoft.Extensions.DependencyInjection;
using ReplicatedState.AspNetCore.InProcess;
using ReplicatedState.Client;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore;

/// <summary>Says which machines a node hosts.</summary>
public sealed class ReplicatedStateBuilder
{
    private readonly ReplicatedStateClientBuilder _clients;

    internal ReplicatedStateBuilder(IServiceCollection services)
    {
        Services = services;
        _clients = new ReplicatedStateClientBuilder(services, provider => provider.GetRequiredService<InProcessClient>().Client);
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Hosts a state machine on every node of the cluster, and makes its typed client, <c>I{Name}Client</c>, available for injection.</summary>
    /// <typeparam name="TMachine">The annotated class.</typeparam>
    /// <param name="instance">
    /// The instance's name; null for the one named as the machine. Instances are independent: each has its own log, leader and state. Their clients can be
    /// asked for by that name as service key.
    /// </param>
    public ReplicatedStateBuilder AddStateMachine<TMachine>(string? instance = null)
        where TMachine : class, IReplicatedStateMachine<TMachine>
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<TMachine>();
        Services.AddSingleton(new MachineRegistration(instance ?? definition.Manifest.Name, definition));
        _clients.AddStateMachine<TMachine>(instance);
        return this;
    }
}
