using System.Text.RegularExpressions;
using ReplicatedState.Integration.Templates;

namespace ReplicatedState.Integration.Packages;

[Collection(nameof(PackedFeed))]
public sealed partial class ContractTests(PackedFeed feed)
{
    private const string Source =
        """
        using ReplicatedState;

        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private long _sold;

            [Command]
            public long Sell(long count) => _sold += count;
        }
        """;

    [Fact]
    public async Task A_project_with_the_package_alone_is_held_against_its_contract()
    {
        string project = feed.NewDirectory("Shop");
        await WriteAsync(
            "Shop.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ReplicatedState" Version="{Build.Version}" />
              </ItemGroup>
            </Project>
            """);
        await WriteAsync("Shop.cs", Source);
        Assert.DoesNotContain("RSM3", await BuildAsync("-warnaserror"), StringComparison.Ordinal);

        await WriteAsync("ReplicatedState.Unshipped.txt", "");
        string[] lines = [.. MissingLine().Matches(await BuildAsync()).Select(static match => match.Groups["line"].Value).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["shop: command ", "shop: machine 1", "shop: state "], lines.Select(static line => line[..Math.Min(line.Length, line.IndexOf("0x", StringComparison.Ordinal) is > 0 and var at ? at : line.Length)]));

        await WriteAsync("ReplicatedState.Shipped.txt", string.Join('\n', lines));
        Assert.DoesNotContain("RSM3", await BuildAsync("-warnaserror"), StringComparison.Ordinal);

        await WriteAsync(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.RSM3004.severity = warning\n");
        await WriteAsync("Shop.cs", Source.Replace("long count", "int count", StringComparison.Ordinal));
        Assert.Contains("warning RSM3004: The encoding of the command 'Sell' of 'shop' changed: the parameter 'count' was of type long, and now is of type int", await BuildAsync(), StringComparison.Ordinal);

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(project, name), text);

        Task<string> BuildAsync(params string[] more) => new DotnetCommand(feed.Home).RunAsync(project, ["build", "--no-incremental", .. more]);
    }

    [GeneratedRegex(@"RSM3001: .*? its line is: (?<line>.+?) \(https:")]
    private static partial Regex MissingLine();
}
