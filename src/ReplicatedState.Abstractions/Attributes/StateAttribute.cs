namespace ReplicatedState;

/// <summary>Marks a field or property that belongs to the replicated state and is carried by snapshots.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class StateAttribute : Attribute
{
    /// <summary>State that is identified by its name.</summary>
    public StateAttribute()
    {
    }

    /// <summary>State that is identified by a number, 1 to 2^31−1, so that it can be renamed.</summary>
    public StateAttribute(int key) => Key = key;

    /// <summary>The explicit number, or 0 where the name identifies the member.</summary>
    public int Key { get; }

    /// <summary>The name that identifies the member; defaults to the member's own.</summary>
    public string? Name { get; set; }

    /// <summary>The machine version that introduced the member; older snapshots may lack it.</summary>
    public int Since { get; set; } = 1;

    /// <summary>
    /// The machine version from which on the member is no longer state, above <see cref="Since"/>; 0 for none. Until that version is in effect the member is what it was, and the
    /// migration to that version (<see cref="MigrateAttribute"/>) still reads it; afterwards it has its initial value.
    /// </summary>
    public int Until { get; set; }
}
