namespace ReplicatedState;

/// <summary>Marks a synchronous instance method that reads the state and never changes it.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class QueryAttribute : Attribute
{
    /// <summary>The name that identifies the query; defaults to the method's.</summary>
    public string? Name { get; set; }

    /// <summary>An explicit number, 1 to 2^31−1, instead of the hash of the name; 0 means none.</summary>
    public int Id { get; set; }

    /// <summary>The machine version that introduced the query; 1 or more.</summary>
    public int Since { get; set; } = 1;

    /// <summary>The consistency that the generated client asks for when the caller names none.</summary>
    public ConsistencyLevel Consistency { get; set; } = ConsistencyLevel.Linearizable;

    /// <summary>The bound that goes with <see cref="ConsistencyLevel.BoundedStaleness"/>, in milliseconds; 1 to <see cref="ReadConsistency.MaxStalenessMsMax"/>.</summary>
    public int MaxStalenessMs { get; set; }

    /// <summary>Whether the query answers requests in JSON that name none. One query of a machine may.</summary>
    public bool Default { get; set; }
}
