namespace ReplicatedState.Testing.Histories;

/// <summary>
/// What a service does when it is called by one client at a time, for one key: the specification that a concurrent history is held against.
/// </summary>
/// <typeparam name="TState">A value: equality and hash by content, and never changed once it was handed out.</typeparam>
/// <typeparam name="TInput">What is asked.</typeparam>
/// <typeparam name="TOutput">What is answered.</typeparam>
/// <remarks>Must be deterministic and free of side effects: a checker applies operations in many orders.</remarks>
public interface ISequentialModel<TState, TInput, TOutput>
    where TState : IEquatable<TState>?
{
    /// <summary>The state that every key begins with.</summary>
    TState Initial { get; }

    /// <summary>Executes one operation.</summary>
    /// <param name="state">Before.</param>
    /// <param name="input">The operation.</param>
    /// <param name="next">After; the same state where nothing changed.</param>
    /// <returns>The only right answer.</returns>
    TOutput Apply(TState state, TInput input, out TState next);

    /// <summary>Whether a client may be answered <paramref name="observed"/> where <paramref name="specified"/> is right; override it where an answer is known in part.</summary>
    bool Accepts(TOutput specified, TOutput observed) => EqualityComparer<TOutput>.Default.Equals(specified, observed);

    /// <summary>
    /// Whether an operation that got this answer can't have changed the state, whatever the state was: a read, a comparison that failed. Only makes checking faster, and
    /// wrong where it is true and the operation did change something.
    /// </summary>
    bool IsReadOnly(TInput input, TOutput output) => false;

    /// <summary>The operation in a word or two, for sentences and pictures.</summary>
    string DescribeInput(TInput input) => $"{input}";

    /// <summary>The answer in a word or two; empty where it says nothing.</summary>
    string DescribeOutput(TInput input, TOutput output) => $"{output}";

    /// <summary>The state in a few words.</summary>
    string DescribeState(TState state) => $"{state}";
}
