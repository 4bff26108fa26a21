using MessagePack;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A machine that takes unions, and an object that is encoded by the names of its members.</summary>
[ReplicatedStateMachine("shapes")]
public sealed partial class Shapes
{
    [State] private Shape? _last;

    [Command]
    public void Draw(Shape shape) => _last = shape;

    [Command]
    public string Name(Label label) => label.Text;

    [Query]
    public string Read(Label label) => $"{label.Text} {label.Size}";
}

[Union(0, typeof(Disc)), Union(1, typeof(Ring))]
public abstract class Shape;

public class Disc(int radius) : Shape
{
    public int Radius { get; } = radius;
}

public sealed class Ring(int radius) : Disc(radius);

/// <summary>Derives from a case and is none.</summary>
public sealed class Hole(int radius) : Disc(radius);

[MessagePackObject]
public sealed class Label
{
    [Key("text")] public required string Text { get; init; }

    [Key("size")] public int Size { get; set; } = 7;
}
