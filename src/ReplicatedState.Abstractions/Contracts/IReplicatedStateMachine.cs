using MessagePack;
using ReplicatedState.Json;

namespace ReplicatedState;

/// <summary>The static side of a generated machine: how to make one, and what it understands. Implemented by the generator.</summary>
/// <typeparam name="TSelf">The annotated class.</typeparam>
public interface IReplicatedStateMachine<TSelf> : IStateMachine
    where TSelf : class, IReplicatedStateMachine<TSelf>
{
    /// <summary>Names, ids and versions of everything that the machine declares.</summary>
    static abstract StateMachineManifest Manifest { get; }

    /// <summary>The interface of the typed client, <c>I{Name}Client</c>: what hosting registers for injection.</summary>
    static abstract Type ClientType { get; }

    /// <summary>What JSON may call the commands and queries, and how their arguments and results stand in it. The machine that a developer writes by hand has nothing there unless it says so.</summary>
    static virtual JsonCalls Json => new(TSelf.Manifest.Name, [], []);

    /// <summary>Makes a machine in its initial state.</summary>
    static abstract TSelf Create();

    /// <summary>Makes a typed client, an instance of <see cref="ClientType"/>, that sends its calls through the channel.</summary>
    static abstract object CreateClient(IStateMachineChannel channel);

    /// <summary>Decodes a command without executing it, so that a leader never logs what a replica can't read.</summary>
    /// <returns>The machine version that must be in effect before it may be logged: replicas of older binaries don't know the command, or an argument of it.</returns>
    /// <exception cref="UnknownCommandException">No command has the id, or the command is retired.</exception>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded, or there are more than the command takes.</exception>
    static abstract int ValidateCommand(ref MessagePackReader command);
}
