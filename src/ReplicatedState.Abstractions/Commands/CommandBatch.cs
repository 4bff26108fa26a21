using MessagePack;
using ReplicatedState.Batches;

namespace ReplicatedState;

/// <summary>Commands of one machine that are sent together, with the generated client's <c>BatchAsync</c>, and become one entry of the log.</summary>
/// <remarks>
/// <para>They are executed in their order, once, with nothing in between: no other client's command and no timer. All are logged or none is, and the entry is one sync and one message for all of them. Each ends for
/// itself, though: a command that is rejected or throws changes nothing that the others do, and nothing is undone. What must happen wholly or not at all is one command.</para>
/// <para>Not safe for concurrent use. A batch may be sent again; every time it is executed again.</para>
/// </remarks>
public sealed class CommandBatch
{
    /// <summary>The most commands of a batch. Its bytes are bounded as any call's are.</summary>
    public const int CountMax = BatchFormat.CountMax;

    private readonly List<MachineCommand> _commands = [];

    /// <summary>How many commands it holds.</summary>
    public int Count => _commands.Count;

    /// <summary>The machine whose commands it holds; null while it is empty.</summary>
    public string? Machine => _commands.Count == 0 ? null : _commands[0].Machine;

    /// <summary>Adds a command without a result, or one whose result isn't wanted.</summary>
    /// <param name="command">From the generated class <c>{Machine}Commands</c>.</param>
    /// <returns>The command's place: <see cref="BatchReply"/> says how it ended.</returns>
    /// <exception cref="ArgumentException"><paramref name="command"/> is the default value, or another machine's than those before it.</exception>
    /// <exception cref="InvalidOperationException">The batch holds <see cref="CountMax"/> commands.</exception>
    public BatchedCommand Add(MachineCommand command)
    {
        if (command.Bytes.IsEmpty)
            throw new ArgumentException("There is no command to add; the generated class of the machine's commands makes one.", nameof(command));
        if (Machine is { } machine && command.Machine != machine)
            throw new ArgumentException($"The command '{command.Name}' is one of the machine '{command.Machine}', and the batch holds commands of '{machine}'.", nameof(command));
        if (_commands.Count == CountMax)
            throw new InvalidOperationException($"The batch holds {CountMax} commands, which is the most that one may.");
        _commands.Add(command);
        return new BatchedCommand(this, _commands.Count - 1);
    }

    /// <summary>Adds a command.</summary>
    /// <param name="command">From the generated class <c>{Machine}Commands</c>.</param>
    /// <returns>The command's place: <see cref="BatchReply.ResultOf{TResult}"/> gives its result.</returns>
    /// <exception cref="ArgumentException"><paramref name="command"/> is the default value, or another machine's than those before it.</exception>
    /// <exception cref="InvalidOperationException">The batch holds <see cref="CountMax"/> commands.</exception>
    public BatchedCommand<TResult> Add<TResult>(MachineCommand<TResult> command) => new(Add(command.Command), command.Decoder);

    /// <summary>The commands as they are now, whatever is added later.</summary>
    internal MachineCommand[] ToArray() => [.. _commands];
}
