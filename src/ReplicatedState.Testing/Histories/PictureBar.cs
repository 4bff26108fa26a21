namespace ReplicatedState.Testing.Histories;

/// <summary>One operation in a picture.</summary>
internal sealed class PictureBar
{
    public required long Client { get; init; }

    public required long Call { get; init; }

    /// <summary>Null where no answer came.</summary>
    public required long? Return { get; init; }

    public required string Label { get; init; }

    /// <summary>Its number in the order that explains what came before the failure; null where it has none.</summary>
    public required int? Order { get; init; }

    public required bool IsMisfit { get; init; }

    public int Row { get; set; }

    public int Left { get; set; }

    public int Right { get; set; }

    /// <summary>Where in the bar it takes effect, in that order.</summary>
    public double Point { get; set; }
}
