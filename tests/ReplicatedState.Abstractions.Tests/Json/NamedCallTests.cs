using ReplicatedState.Json;

namespace ReplicatedState.Abstractions.Tests.Json;

/// <summary>How a call is found by its name.</summary>
public sealed class NamedCallTests
{
    private static readonly JsonCalls Calls = new(
        "bank",
        [JsonCall.Command([], "Transfer", 1, null), JsonCall.Command([], "open", 2, null), JsonCall.Command([], "Open", 3, null)],
        [Query("Balance", isDefault: false), Query("Total", isDefault: true)]);

    [Theory]
    [InlineData("Transfer", "Transfer")]
    [InlineData("TRANSFER", "Transfer")]
    [InlineData("open", "open")]
    [InlineData("Open", "Open")]
    public void Case_matters_only_between_names_that_differ_in_it_alone(string name, string found) => Assert.Equal(found, Calls.Command(name).Name);

    [Theory]
    [InlineData("transfr", "The machine 'bank' has no command named 'transfr'. Did you mean 'Transfer'?")]
    [InlineData("rTansfer", "The machine 'bank' has no command named 'rTansfer'. Did you mean 'Transfer'?")]
    [InlineData("Trnsfres", "The machine 'bank' has no command named 'Trnsfres'.")]
    [InlineData("Withdraw", "The machine 'bank' has no command named 'Withdraw'.")]
    [InlineData("OPEN", "The machine 'bank' has no command named 'OPEN', but 'open' and 'Open': case matters here.")]
    [InlineData("balance", "The machine 'bank' has no command named 'balance'; 'Balance' is a query.")]
    [InlineData("", "The machine 'bank' has no command named ''.")]
    [InlineData("a\nb", "The machine 'bank' has no command named 'a␣b'.")]
    public void A_name_that_is_unknown_is_refused_with_the_nearest_one(string name, string message) =>
        Assert.Equal(message, Assert.Throws<UnknownCommandException>(() => Calls.Command(name)).Message);

    [Fact]
    public void A_name_from_outside_is_repeated_no_longer_than_anyone_reads() =>
        Assert.Equal($"The machine 'bank' has no query named '{new string('x', 100)}…'.", Assert.Throws<UnknownCommandException>(() => Calls.Query(new string('x', 1_000_000))).Message);

    [Fact]
    public void Who_names_no_query_asks_the_default_one()
    {
        Assert.Equal("Total", Calls.Query(null).Name);
        Assert.Equal("balance", Calls.Query("balance").Name, ignoreCase: true);
        var none = new JsonCalls("bank", [], [Query("Balance", isDefault: false)]);
        Assert.Equal(
            "No query is named, and the machine 'bank' marks none as [Query(Default = true)].",
            Assert.Throws<UnknownCommandException>(() => none.Query(null)).Message);
    }

    private static JsonCall Query(string name, bool isDefault) => JsonCall.Query([], name, 9, ReadConsistency.Linearizable, isPaged: false, isDefault, null);
}
