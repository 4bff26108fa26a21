namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>Lines, added now or later, and calls that end badly.</summary>
[ReplicatedStateMachine("notes")]
[Emits<NoteAdded>]
[Emits<INoteTrouble>(Name = "Trouble")]
[Emits<int>(Name = "Count", Id = 7)]
public sealed partial class Notes
{
    [State] private readonly List<string> _lines = [];

    /// <summary>Adds lines and says how many there are.</summary>
    [Command]
    public int Add(CommandContext context, params string[] lines)
    {
        _lines.AddRange(lines);
        foreach (string line in lines)
            context.Emit(new NoteAdded(line, context.Index));
        context.Emit(_lines.Count);
        return _lines.Count;
    }

    [Command]
    public TimerId Remind(CommandContext context, TimeSpan after, params string[] lines) => context.Schedule(after, NotesCommands.Add(lines));

    [Command]
    public bool Forget(TimerId reminder, CommandContext context) => context.Cancel(reminder);

    [Command]
    public TimerId FailLater(CommandContext context, TimeSpan after) => context.Schedule(after, NotesCommands.Fail("later"));

    [Command]
    [DeterministicSafe("whoever executes it sees to the culture, which is what the test is about")]
    public void Fail(string why) => throw new InvalidOperationException($"{why} {-1.5}");

    [Command]
    public void Lose(int number, CommandContext context)
    {
        context.Emit(new NoteLost(number));
        context.Emit<INoteTrouble>(new NoteTorn(_lines[number], 0.5));
        _lines.RemoveAt(number);
    }

    [Command]
    public void Refuse(string code) => throw new CommandRejectedException(code, "no");

    [Command]
    public (DateTimeOffset Now, Guid Id) Stamp(CommandContext context) => (context.Now, context.NewGuid());

    [Query]
    public string[] Some(params int[] numbers) => [.. numbers.Select(number => _lines[number])];
}
