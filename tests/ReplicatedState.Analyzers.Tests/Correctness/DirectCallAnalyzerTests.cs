using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Correctness;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class DirectCallAnalyzerTests
{
    private const string Machine = """
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private long _sold;
            public long Peek => _sold;
            [Command] public long Sell(long count) => _sold += count;
            [Command] public long SellOne() => Sell(1);
            [Query] public long Sold() => _sold;
        }

        namespace Microsoft.AspNetCore.Routing { public interface IEndpointRouteBuilder; }
        namespace Microsoft.AspNetCore.Mvc { public abstract class ControllerBase; public sealed class FromServicesAttribute : Attribute; }
        static class Routes
        {
            public static void MapPost(this Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app, string route, Delegate handler) { }
            public static T GetRequiredService<T>(this IServiceProvider services) => default!;
        }

        """;

    [Theory]
    [InlineData("class Desk(Shop shop) { public long Take() => ⟦shop.Sell(1)⟧; }")]
    [InlineData("class Desk(Shop shop) { private readonly Shop _shop = shop; public long Take() => ⟦_shop.Sold()⟧; }")]
    [InlineData("class Desk { private readonly Shop? _shop; public Desk(Shop shop) => _shop = shop; public void Take() => _shop?⟦.Sell(1)⟧; }")]
    [InlineData("class Desk { public Shop Shop { get; } public Desk(Shop shop) { Shop = shop; } public long Take() { var mine = Shop; return ⟦mine.Sell(1)⟧; } }")]
    [InlineData("class Desk { [Inject] public Shop Shop { get; set; } = null!; public long Take() => ⟦Shop.Sell(1)⟧; } class InjectAttribute : Attribute;")]
    [InlineData("static class App { public static void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app) => app.MapPost(\"/\", (Shop shop, long count) => ⟦shop.Sell(count)⟧); }")]
    [InlineData("class ShopController : Microsoft.AspNetCore.Mvc.ControllerBase { public long Post([Microsoft.AspNetCore.Mvc.FromServices] Shop shop) => ⟦shop.Sell(1)⟧; }")]
    [InlineData("class Desk { public void Take(IServiceProvider services) { var shop = services.GetRequiredService<Shop>(); ⟦shop.Sell(1)⟧; } }")]
    [InlineData("class Desk { public void Take(IServiceProvider services) { ⟦((Shop)services.GetService(typeof(Shop))!).Sell(1)⟧; } }")]
    [InlineData("class Desk(Shop shop) { public IEnumerable<long> Take(long[] counts) => counts.Select(⟦shop.Sell⟧); }")]
    public async Task An_injected_machine_must_not_be_called(string caller)
    {
        await Diagnosis.FindsAsync(new DirectCallAnalyzer(), "RSM2003", Machine + caller);

        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(await Diagnosis.AnalyzeAsync(Machine + Plain(caller), new DirectCallAnalyzer())).Severity);
    }

    [Theory]
    [InlineData("static class Desk { public static long Take(Shop shop) => ⟦shop.Sell(1)⟧; }")]
    [InlineData("class Desk { public Shop? Shop; public long Take(Desk other) => ⟦other.Shop!.Sell(1)⟧; }")]
    public async Task A_machine_from_elsewhere_is_hinted_at(string caller) =>
        Assert.Equal(DiagnosticSeverity.Info, Assert.Single(await Diagnosis.AnalyzeAsync(Machine + Plain(caller), new DirectCallAnalyzer())).Severity);

    [Theory]
    [InlineData("class Desk { private readonly Shop _shop = new(); public long Take() => _shop.Sell(1); }")]
    [InlineData("class Desk { private readonly Shop _shop; public Desk() { _shop = new Shop(); } public long Take() => _shop.Sell(1) + this._shop.Sold(); }")]
    [InlineData("class Desk { public long Take() { var shop = new Shop(); shop.Sell(2); return shop.Sold(); } }")]
    [InlineData("class Desk { public long Take() => new Shop().Sell(1); }")]
    [InlineData("class Desk(IShopClient shop) { public async Task<long> Take() => await shop.SellAsync(1); }")]
    [InlineData("class Desk { public long Take() { var shop = new InMemoryShopClient(); return shop.Machine.Sold(); } }")]
    [InlineData("class Desk { public long Take() { var shop = (Shop)StateMachineDefinition.Of<Shop>().Create(); return shop.Sell(1); } }")]
    [InlineData("class Desk(Shop shop) { public long Take() => shop.Peek; }")]
    public Task A_machine_of_one_s_own_may_be_called(string caller) => Diagnosis.IsSilentWithClientsAsync(new DirectCallAnalyzer(), Machine + caller);

    [Fact]
    public async Task Tests_may_call_what_they_like()
    {
        Compilation tests = Diagnosis.Compile(Machine + "class Desk(Shop shop) { public long Take() => shop.Sell(1); }").AddReferences(MetadataReference.CreateFromFile(typeof(FactAttribute).Assembly.Location));

        Assert.Empty(await Diagnosis.AnalyzeAsync(tests, [], new DirectCallAnalyzer()));
    }

    [Fact]
    public async Task The_message_says_what_becomes_of_the_call_and_what_to_call_instead()
    {
        var found = await Diagnosis.AnalyzeAsync(Machine + "class Desk(Shop shop) { public long Take() => shop.Sell(1) + shop.Sold(); }", new DirectCallAnalyzer());

        Assert.Equal(
            [
                "'Shop.Sell' is called on an object in this process: no log holds the call, and no other node learns of it; call it through IShopClient",
                "'Shop.Sold' is called on an object in this process: the answer is this object's, whatever the cluster has agreed on; call it through IShopClient",
            ],
            found.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start).Select(static diagnostic => diagnostic.GetMessage(null)));
    }

    private static string Plain(string marked) => marked.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal);
}
