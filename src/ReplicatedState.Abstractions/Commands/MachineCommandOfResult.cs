namespace ReplicatedState;

/// <summary>A <see cref="MachineCommand"/> that has a result, and how that is decoded. The generated class <c>{Machine}Commands</c> makes them.</summary>
/// <typeparam name="TResult">The command's result.</typeparam>
public readonly struct MachineCommand<TResult>
{
    /// <summary>For generated code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="decoder">Decodes its result.</param>
    public MachineCommand(MachineCommand command, ResultDecoder<TResult> decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        Command = command;
        Decoder = decoder;
    }

    /// <summary>The command without the type of its result.</summary>
    public MachineCommand Command { get; }

    /// <summary>Decodes its result.</summary>
    public ResultDecoder<TResult> Decoder { get; }

    /// <summary>For whoever doesn't want the result, such as <see cref="CommandContext.Schedule"/>.</summary>
    public static implicit operator MachineCommand(MachineCommand<TResult> command) => command.Command;
}
