namespace ReplicatedState.Runtime.Storage;

/// <summary>What a record of the journal says. Numbers are on disk: never reuse one. Zero is none, so that a zero-filled file holds no record.</summary>
internal enum JournalRecordType : byte
{
    /// <summary>The first record of a segment. Index and term are the number and the end of the segment before it (0: none); see <see cref="SegmentStart"/>.</summary>
    SegmentStart = 1,

    /// <summary>Begins what one sync covers, and says by being there that everything before it was synced. Term is the checksum of the record before it.</summary>
    Batch = 2,

    /// <summary>Behind a segment's start: what was known of a group then. Index is the last entry, term the hard state's.</summary>
    Checkpoint = 3,

    /// <summary>Term, vote, and the commit index as index.</summary>
    HardState = 4,

    /// <summary>Index and term are the log's base; the snapshot's metadata follows.</summary>
    Anchor = 5,

    /// <summary>All entries are gone and the snapshot is the base.</summary>
    Install = 6,

    /// <summary>The entries from the index on are gone.</summary>
    Truncate = 7,

    /// <summary>An entry behind the last one.</summary>
    Entry = 8,

    /// <summary>An entry that is there already, copied out of a segment that is about to go.</summary>
    MovedEntry = 9,

    /// <summary>Index is the number of the oldest segment that is still needed.</summary>
    Oldest = 10,
}
