namespace ReplicatedState;

/// <summary>Marks a synchronous instance method that changes the state. It runs on every replica, in the same order, exactly once.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CommandAttribute : Attribute
{
    /// <summary>The name that identifies the command; defaults to the method's. Set it to the old name when the method is renamed.</summary>
    public string? Name { get; set; }

    /// <summary>An explicit number, 1 to 2^31−1, instead of the hash of the name; 0 means none.</summary>
    public int Id { get; set; }

    /// <summary>The machine version that introduced the command; 1 or more.</summary>
    public int Since { get; set; } = 1;

    /// <summary>
    /// Whether the command is no longer offered: the client lacks it and new calls are refused with an <see cref="UnknownCommandException"/>. Entries that are in the log are executed as
    /// ever, so the method stays as long as an entry of it may be replayed.
    /// </summary>
    public bool Retired { get; set; }
}
