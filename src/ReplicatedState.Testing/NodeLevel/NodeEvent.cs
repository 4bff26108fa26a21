namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What happens next in a simulation of whole nodes.</summary>
internal readonly record struct NodeEvent(NodeEventKind Kind, int Node = 0, int Incarnation = 0, int Detail = 0, bool Flag = false)
{
    /// <summary>Stream: what arrives or is opened.</summary>
    public StreamEvent Stream { get; init; }

    /// <summary>Submit, Answer, Timeout: which attempt.</summary>
    public SimulatedRequest? Request { get; init; }

    /// <summary>Fault: whose event it is.</summary>
    public NodeFault? Fault { get; init; }

    /// <summary>Fault: 0 where it strikes, else which later step.</summary>
    public byte Step { get; init; }

    /// <summary>Callback: what is done.</summary>
    public Action? Callback { get; init; }

    /// <summary>What stands for the kind in a trace.</summary>
    public byte Code => Fault is { } fault ? (byte)(fault.Code + Step) : (byte)Kind;
}

/// <summary>The kinds of events. The numbers are part of traces; those between belong to faults.</summary>
internal enum NodeEventKind : byte
{
    /// <summary>Actor <c>Detail</c> of the node takes a turn.</summary>
    Turn = 0,

    /// <summary>A frame arrives, or a stream is dialled.</summary>
    Stream = 1,

    /// <summary>Client <c>Detail</c> begins its next attempt.</summary>
    ClientActs = 2,

    /// <summary>The attempt reaches the node.</summary>
    Submit = 3,

    /// <summary>The answer reaches client <c>Detail</c>.</summary>
    Answer = 4,

    /// <summary>Client <c>Detail</c> has waited long enough.</summary>
    Timeout = 5,

    /// <summary>A node starts again.</summary>
    Restart = 7,

    /// <summary>The process of a node that has stopped itself ends.</summary>
    Exit = 14,

    /// <summary>The observer looks at all nodes.</summary>
    Look = 23,

    /// <summary>Something that the workload planned happens.</summary>
    Callback = 24,

    /// <summary>A step of a fault.</summary>
    Fault = 255,
}
