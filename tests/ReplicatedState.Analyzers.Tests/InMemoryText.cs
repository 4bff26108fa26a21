using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>An additional file of a project under analysis.</summary>
internal sealed class InMemoryText(string path, string text) : AdditionalText
{
    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
