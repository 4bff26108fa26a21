using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Tests.Driver;

namespace ReplicatedState.Generators.Tests;

/// <summary>Types from another assembly show less of themselves than types in source.</summary>
public sealed class ForeignTypeTests
{
    private const string Library = """
        namespace Contracts;
        public readonly struct Point(int x, int y) { public int X { get; } = x; public int Y { get; } = y; public int Sum => X + Y; }
        public sealed class Money { public Money(long cents) => Cents = cents; public Money() { } public long Cents { get; } }
        public record Base(int Id);
        public sealed record Order(int Id, string Text) : Base(Id);
        """;

    [Fact]
    public void Their_read_only_properties_are_encoded_and_their_computed_ones_are_not()
    {
        const string Machine = """
            using Contracts;
            using ReplicatedState;
            [ReplicatedStateMachine("m")]
            public sealed partial class M
            {
                [State] private Point _point;
                [Command] public Order Put(Point point, Money money, Order order) { _point = point; return order; }
            }
            """;
        using var image = new MemoryStream();
        GeneratorRun library = GeneratorRun.Of(Library);
        Assert.True(library.Output.WithAssemblyName("Contracts").Emit(image).Success);

        GeneratorRun run = GeneratorRun.Of([MetadataReference.CreateFromImage(image.ToArray())], Machine);

        run.CompilesSilently();
        string codecs = run.Files.Single(static file => file.Name.EndsWith("Codecs.g.cs", StringComparison.Ordinal)).Text;
        Assert.Contains("writer.Write(value.X);", codecs, StringComparison.Ordinal);
        Assert.Contains("writer.Write(value.Y);", codecs, StringComparison.Ordinal);
        Assert.Contains("writer.Write(value.Cents);", codecs, StringComparison.Ordinal);
        Assert.Contains("value.Text);", codecs, StringComparison.Ordinal);
        Assert.DoesNotContain("value.Sum", codecs, StringComparison.Ordinal);
        Assert.DoesNotContain("EqualityContract", codecs, StringComparison.Ordinal);
    }
}
