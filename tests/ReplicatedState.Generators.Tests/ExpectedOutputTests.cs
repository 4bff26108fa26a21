using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Sources;

namespace ReplicatedState.Generators.Tests;

public sealed class ExpectedOutputTests
{
    [Theory]
    [InlineData("Counter", SourceTexts.Counter)]
    [InlineData("Library", SourceTexts.Library)]
    [InlineData("Archive", SourceTexts.Archive)]
    public void The_output_is_what_was_reviewed(string name, string source) => ExpectedFiles.Check(name, GeneratorRun.Of(source).Files);

    [Theory]
    [InlineData(SourceTexts.Counter)]
    [InlineData(SourceTexts.Library)]
    [InlineData(SourceTexts.Archive)]
    public void The_output_compiles_without_a_word_from_the_compiler(string source) => GeneratorRun.Of(source).CompilesSilently();

    [Fact]
    public void A_machine_in_the_global_namespace_compiles() =>
        GeneratorRun.Of(SourceTexts.Counter.Replace("namespace Demo;", "", StringComparison.Ordinal)).CompilesSilently();

    /// <summary>Other generators, such as that of minimal APIs, see only what the user wrote.</summary>
    [Fact]
    public void The_client_interface_may_be_named_in_the_source()
    {
        GeneratorRun run = GeneratorRun.Of(SourceTexts.Counter + "\npublic partial interface ICounterClient;");

        run.CompilesSilently();
        Assert.Contains("AddAsync", run.Output.GetTypeByMetadataName("Demo.ICounterClient")!.MemberNames);
    }

    [Fact]
    public void Machines_of_one_name_in_two_namespaces_do_not_collide()
    {
        GeneratorRun run = GeneratorRun.Of(SourceTexts.Counter, SourceTexts.Counter.Replace("namespace Demo;", "namespace Demo.Inner;", StringComparison.Ordinal));

        run.CompilesSilently();
        Assert.Equal(18, run.Files.Select(static file => file.Name).Distinct().Count());
    }

    [Fact]
    public void Types_of_the_user_may_be_named_like_those_that_emitted_code_refers_to()
    {
        const string Shadows = """
            namespace Demo;

            public static class System { }
            public static class MessagePack { }
            public sealed class CallFormat { }
            public sealed class UInt128 { }
            """;

        GeneratorRun.Of(SourceTexts.Counter, Shadows).CompilesSilently();
    }

    [Fact]
    public void Overloads_and_types_may_be_named_like_envelopes_and_codecs()
    {
        const string Source = """
            using ReplicatedState;

            namespace Demo;

            public sealed record ItemCommand(int Number);

            [ReplicatedStateMachine("names")]
            public sealed partial class Names
            {
                [State] private int _last;
                [Command] public ItemCommand? WriteItem(ItemCommand item) { _last = item.Number; return item; }
                [Command] public ItemCommand? ReadItem(ItemCommand item) => item;
                [Command(Name = "write-item/2")] public void WriteItem(ItemCommand item, int more) => _last = more;
                [Query(Name = "2nd")] public int WriteItem() => _last;
            }
            """;

        GeneratorRun.Of(Source).CompilesSilently();
    }

    [Fact]
    public void Two_types_of_one_name_get_codecs_of_their_own()
    {
        const string Source = """
            using System.Collections.Generic;
            using ReplicatedState;

            namespace One { public sealed record Item(int Number); }
            namespace Two { public sealed record Item(string Text); }

            namespace Demo
            {
                [ReplicatedStateMachine("two")]
                public sealed partial class Two
                {
                    [State] private readonly List<One.Item> _ones = [];
                    [Command] public global::Two.Item Swap(One.Item item, List<global::Two.Item> others, List<One.Item?> ones) { _ones.Add(item); return others[0]; }
                }
            }
            """;

        GeneratorRun.Of(Source).CompilesSilently();
    }

    [Fact]
    public void Source_without_nullable_annotations_compiles() =>
        GeneratorRun.Of("#nullable disable\n" + SourceTexts.Library.Replace("?", "", StringComparison.Ordinal).Replace("Genre only = null", "Genre only = default", StringComparison.Ordinal)).CompilesSilently();
}
