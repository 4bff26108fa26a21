namespace ReplicatedState.Storage.ZoneTree;

/// <summary>What a record holds. The numbers are on disk, in the records and in the keys of the store's own rows.</summary>
internal enum RecordType : byte
{
    /// <summary>An entry of a group's log.</summary>
    Entry = 1,

    /// <summary>Which group a slot stands for.</summary>
    Slot = 2,

    /// <summary>A group's term, vote and commit index.</summary>
    HardState = 3,

    /// <summary>A group's base and the metadata of its snapshot, in one record because they change together.</summary>
    Anchor = 4,
}
