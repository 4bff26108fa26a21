namespace ReplicatedState;

/// <summary>Declares that commands of the machine emit events of a type, with <see cref="CommandContext.Emit"/>; the typed client gets a method <c>Watch{Event}Async</c> for them.</summary>
/// <remarks>
/// Events that must keep their order among each other are one type: an interface or base class with <c>[Union]</c>. What a machine keeps of its events is bounded: 65 536 of them, 16 MiB.
/// </remarks>
/// <typeparam name="TEvent">What is emitted: any type that a command's argument may have.</typeparam>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class EmitsAttribute<TEvent> : Attribute
    where TEvent : notnull
{
    /// <summary>The event's name on the wire and in the client; the type's name where it isn't said. Say it before you rename the type.</summary>
    public string? Name { get; set; }

    /// <summary>The number that identifies the event instead of its name; 0 for none.</summary>
    public int Id { get; set; }

    /// <summary>The machine version that introduced the event. Until that is in effect nothing is emitted, because replicas of older binaries wouldn't.</summary>
    public int Since { get; set; } = 1;
}
