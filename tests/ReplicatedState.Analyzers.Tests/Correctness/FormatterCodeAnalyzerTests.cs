using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Correctness;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class FormatterCodeAnalyzerTests
{
    private const string Head = """
        [ReplicatedStateMachine("m")]
        public sealed partial class M
        {
            [State] private Money _sum = new();
            [Command] public void Add(Money money, Box<int> box) => _sum = money;
        }

        [MessagePackFormatter(typeof(MoneyFormatter))] public sealed class Money { public long Cents; }
        [MessagePackFormatter(typeof(BoxFormatter<>))] public sealed class Box<T> { public T Value = default!; }
        [MessagePackObject] public sealed class Parts { [Key(0)] public long Cents; }

        """;

    [Theory]
    [InlineData("MessagePackSerializer.Serialize(ref writer, new Parts());", "MessagePackSerializer.Serialize")]
    [InlineData("MessagePackSerializer.Serialize(ref writer, new Parts(), null);", "MessagePackSerializer.Serialize")]
    [InlineData("MessagePackSerializer.Serialize(ref writer, new Parts(), MessagePackSerializer.DefaultOptions);", "MessagePackSerializer.DefaultOptions")]
    [InlineData("writer.Write(MessagePackSerializer.Typeless.Serialize(value));", "Typeless.Serialize")]
    [InlineData("MessagePack.Resolvers.StandardResolver.Instance.GetFormatterWithVerify<Parts>().Serialize(ref writer, new Parts(), options);", "StandardResolver.Instance")]
    [InlineData("MessagePack.Resolvers.ContractlessStandardResolver.Instance.GetFormatterWithVerify<Parts>().Serialize(ref writer, new Parts(), options);", "ContractlessStandardResolver.Instance")]
    [InlineData("MessagePack.Resolvers.DynamicObjectResolver.Instance.GetFormatterWithVerify<Parts>().Serialize(ref writer, new Parts(), options);", "DynamicObjectResolver.Instance")]
    [InlineData("MessagePack.Resolvers.DynamicUnionResolver.Instance.GetFormatterWithVerify<Parts>().Serialize(ref writer, new Parts(), options);", "DynamicUnionResolver.Instance")]
    [InlineData("Write(ref writer); static void Write(ref MessagePackWriter writer) => MessagePackSerializer.Serialize(ref writer, new Parts());", "MessagePackSerializer.Serialize")]
    public async Task A_formatter_for_a_native_executable_must_not_hold(string body, string named)
    {
        string expected = $"'{named}' makes code at run time, which a native executable can't; write the members one by one, or ask the resolver of the options that the formatter is given";

        Assert.Equal([("RSM2010", expected)], await FindAsync(MoneyFormatter(body), isNative: true));
        Assert.Equal([("RSM2010", expected)], await FindAsync(MoneyFormatter("") + BoxFormatter(body), isNative: true));
        Assert.Empty(await FindAsync(MoneyFormatter(body), isNative: false));
    }

    [Theory]
    [InlineData("writer.Write(value.GetHashCode());")]
    [InlineData("MessagePackSerializer.Serialize(ref writer, \"a\", options);")]
    [InlineData("options.Resolver.GetFormatterWithVerify<string>().Serialize(ref writer, \"a\", options);")]
    [InlineData("MessagePack.Resolvers.BuiltinResolver.Instance.GetFormatterWithVerify<string>().Serialize(ref writer, \"a\", options);")]
    [InlineData("options = MessagePackSerializerOptions.Standard.WithResolver(MessagePack.Resolvers.BuiltinResolver.Instance);")]
    [InlineData("writer.Write(nameof(MessagePackSerializer.Serialize));")]
    public async Task A_formatter_for_a_native_executable_may_hold(string body) => Assert.Empty(await FindAsync(MoneyFormatter(body) + BoxFormatter(body), isNative: true));

    [Fact]
    public async Task A_formatter_that_no_machine_uses_is_left_alone() =>
        Assert.Empty(await FindAsync(MoneyFormatter("") + "public sealed class Other { public static byte[] Write(Parts parts) => MessagePackSerializer.Serialize(parts); }", isNative: true));

    private static string MoneyFormatter(string body) => Formatter("MoneyFormatter", "Money", body);

    private static string BoxFormatter(string body) => Formatter("BoxFormatter<T>", "Box<T>", body);

    private static string Formatter(string name, string type, string body) => $$"""
        public sealed class {{name}} : MessagePack.Formatters.IMessagePackFormatter<{{type}}>
        {
            public void Serialize(ref MessagePackWriter writer, {{type}} value, MessagePackSerializerOptions options) { {{body}} }
            public {{type}} Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => new();
        }

        """;

    private static async Task<IEnumerable<(string Id, string Message)>> FindAsync(string formatters, bool isNative)
    {
        string rest = formatters.Contains("BoxFormatter", StringComparison.Ordinal) ? "" : BoxFormatter("");
        Compilation compilation = Diagnosis.Compile(Head + formatters + rest);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var options = new AnalyzerOptions([], new ProjectOptions(isNative));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([new FormatterCodeAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        return found.Select(static diagnostic => (diagnostic.Id, diagnostic.GetMessage(null)));
    }

    /// <summary>What the SDK tells analyzers of a project.</summary>
    private sealed class ProjectOptions(bool isNative) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(isNative);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Properties(bool isNative) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.EnableAotAnalyzer" ? isNative ? "true" : "" : null;
                return value is not null;
            }
        }
    }
}
