namespace ReplicatedState;

/// <summary>A command of a machine with its arguments, encoded. The generated class <c>{Machine}Commands</c> makes them.</summary>
public readonly struct MachineCommand
{
    /// <summary>For generated code.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="since">The machine version that introduced it.</param>
    /// <param name="bytes">A flat array <c>[id, argument…]</c>.</param>
    public MachineCommand(string machine, string name, int since, ReadOnlyMemory<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(machine);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Machine = machine;
        Name = name;
        Since = since;
        Bytes = bytes;
    }

    /// <summary>The machine's name.</summary>
    public string Machine { get; }

    /// <summary>The command's name.</summary>
    public string Name { get; }

    /// <summary>The machine version that introduced it.</summary>
    public int Since { get; }

    /// <summary>A flat array <c>[id, argument…]</c>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
}
