namespace ReplicatedState;

/// <summary>The place of a command in a <see cref="CommandBatch"/>.</summary>
public readonly struct BatchedCommand
{
    internal BatchedCommand(CommandBatch batch, int position)
    {
        Batch = batch;
        Position = position;
    }

    /// <summary>How many commands of the batch come before it.</summary>
    public int Position { get; }

    internal CommandBatch? Batch { get; }
}

/// <summary>The place of a command with a result in a <see cref="CommandBatch"/>.</summary>
/// <typeparam name="TResult">The command's result.</typeparam>
public readonly struct BatchedCommand<TResult>
{
    private readonly BatchedCommand _command;

    internal BatchedCommand(BatchedCommand command, ResultDecoder<TResult> decoder)
    {
        _command = command;
        Decoder = decoder;
    }

    /// <summary>How many commands of the batch come before it.</summary>
    public int Position => _command.Position;

    internal ResultDecoder<TResult> Decoder { get; }

    /// <summary>For whoever asks how the command ended, and not for its result.</summary>
    public static implicit operator BatchedCommand(BatchedCommand<TResult> command) => command._command;
}
