namespace ReplicatedState.Consensus;

/// <summary>What an entry of the log carries. The numbers are on disk and on the wire.</summary>
public enum EntryKind : byte
{
    /// <summary>One command of the group's machine.</summary>
    Command = 1,

    /// <summary>Several commands, applied in order until the first rejection.</summary>
    Batch = 2,

    /// <summary>The empty entry with which a leader opens its term.</summary>
    NoOp = 3,

    /// <summary>A full configuration of the group.</summary>
    Config = 4,

    /// <summary>Opens a client session; its index is the session's id.</summary>
    OpenSession = 5,

    /// <summary>Closes a client session.</summary>
    CloseSession = 6,

    /// <summary>Activates a version of the machine.</summary>
    Version = 7,

    /// <summary>Advances the log's time when nothing else does.</summary>
    Tick = 8,
}
