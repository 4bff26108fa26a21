using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReplicatedState.Client;

/// <summary>Registers the typed clients of a cluster's machines.</summary>
public sealed class ReplicatedStateClientBuilder
{
    private readonly Func<IServiceProvider, ReplicatedStateClient> _client;

    /// <summary>A builder whose typed clients send their calls through the client that <paramref name="client"/> finds.</summary>
    public ReplicatedStateClientBuilder(IServiceCollection services, Func<IServiceProvider, ReplicatedStateClient> client)
    {
        Services = services;
        _client = client;
    }

    /// <summary>The services being registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Makes a machine's typed client, <c>I{Name}Client</c>, available for injection.</summary>
    /// <typeparam name="TMachine">The annotated class.</typeparam>
    /// <param name="instance">
    /// The machine instance; null for the one named as the machine. Where several instances of one machine are added, each can be asked for by its name as
    /// service key, and the first is what is injected without one.
    /// </param>
    public ReplicatedStateClientBuilder AddStateMachine<TMachine>(string? instance = null)
        where TMachine : class, IReplicatedStateMachine<TMachine>
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<TMachine>();
        string name = instance ?? definition.Manifest.Name;
        Services.AddKeyedSingleton(definition.ClientType, name, (provider, _) => definition.CreateClient(_client(provider).Machine(name)));
        Services.TryAddSingleton(definition.ClientType, provider => provider.GetRequiredKeyedService(definition.ClientType, name));
        return this;
    }
}
