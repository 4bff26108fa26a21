namespace ReplicatedState.Abstractions.Tests.Execution;

public sealed class CommandContextTests
{
    [Fact]
    public void Two_replicas_draw_the_same_guids_and_numbers()
    {
        CommandContext first = Begin(index: 5);
        CommandContext second = Begin(index: 5);

        Assert.Equal(first.NewGuid(), second.NewGuid());
        Assert.Equal(first.Random.NextInt64(), second.Random.NextInt64());
        Assert.Equal(first.NewGuid(), second.NewGuid());
    }

    [Fact]
    public void Calls_entries_and_commands_of_one_entry_draw_different_ones()
    {
        CommandContext context = Begin(index: 5);
        Guid[] drawn = [context.NewGuid(), context.NewGuid(), Begin(index: 6).NewGuid(), Begin(index: 5, ordinal: 1).NewGuid(), Begin(index: 5, secret: 2).NewGuid()];

        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        Assert.All(drawn, static id => Assert.Equal(4, id.Version));
    }

    [Fact]
    public void What_was_drawn_before_does_not_show_in_the_next_command()
    {
        CommandContext used = Begin(index: 5);
        used.NewGuid();
        used.Begin(1, 6, 1, 0, 0, 1, "a");

        Assert.Equal(Begin(index: 6).NewGuid(), used.NewGuid());
    }

    [Fact]
    public void Time_is_the_log_s() =>
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), Begin(index: 1).Now);

    private static CommandContext Begin(ulong index, int ordinal = 0, ulong secret = 1)
    {
        var context = new CommandContext();
        context.Begin(secret, index, term: 1, ordinal, logTimeMs: 1_700_000_000_000, machineVersion: 1, caller: "a");
        return context;
    }
}
