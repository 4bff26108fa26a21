using ReplicatedState.Integration.Templates;

namespace ReplicatedState.Integration.Packages;

[Collection(nameof(PackedFeed))]
public sealed class NativeFormatterTests(PackedFeed feed)
{
    private const string Source =
        """
        using MessagePack;
        using MessagePack.Formatters;
        using ReplicatedState;

        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private Money _sold = new(0);

            [Command]
            public void Sell(Money price) => _sold = new Money(_sold.Cents + price.Cents);
        }

        [MessagePackFormatter(typeof(MoneyFormatter))]
        public sealed record Money(long Cents);

        public sealed class MoneyFormatter : IMessagePackFormatter<Money>
        {
            public void Serialize(ref MessagePackWriter writer, Money value, MessagePackSerializerOptions options) => MessagePackSerializer.Serialize(ref writer, value.Cents);

            public Money Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => new(reader.ReadInt64());
        }
        """;

    [Fact]
    public async Task A_formatter_that_makes_code_is_reported_in_a_project_for_native_executables_alone()
    {
        string project = feed.NewDirectory("Native");
        await File.WriteAllTextAsync(
            Path.Combine(project, "Shop.csproj"),
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
        await File.WriteAllTextAsync(Path.Combine(project, "Shop.cs"), Source);

        Assert.Contains("warning RSM2010: 'MessagePackSerializer.Serialize' makes code at run time", await BuildAsync("-p:IsAotCompatible=true"), StringComparison.Ordinal);
        Assert.DoesNotContain("RSM2010", await BuildAsync(), StringComparison.Ordinal);

        Task<string> BuildAsync(params string[] more) => new DotnetCommand(feed.Home).RunAsync(project, ["build", "--no-incremental", .. more]);
    }
}
