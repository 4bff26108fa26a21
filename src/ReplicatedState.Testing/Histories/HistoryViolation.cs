namespace ReplicatedState.Testing.Histories;

/// <summary>Why a key's history is not linearizable: up to the moment at which <see cref="Misfit"/> returned all can be explained; with its answer nothing can.</summary>
public sealed record HistoryViolation<TInput, TOutput>
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The operation whose return is the first that no order explains.</summary>
    public required Operation<TInput, TOutput> Misfit { get; init; }

    /// <summary>The longest part of the history that can be explained, in an order that explains it.</summary>
    public required IReadOnlyList<Operation<TInput, TOutput>> Prefix { get; init; }

    /// <summary>Operations that were under way when the misfit returned and that <see cref="Prefix"/> leaves out, the misfit first.</summary>
    public required IReadOnlyList<Operation<TInput, TOutput>> Unplaced { get; init; }

    /// <summary>In words: what happened, what would have been right, and what came before.</summary>
    public required string Explanation { get; init; }

    /// <summary>The operations around the misfit as a drawing of text.</summary>
    public required string Picture { get; init; }

    /// <summary>The same as a page with an SVG, for a browser.</summary>
    public required string PictureHtml { get; init; }
}
