namespace ReplicatedState.Client.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid_once_a_node_is_named() => Options().Validate();

    [Fact]
    public void A_client_without_nodes_is_refused() =>
        Assert.Contains("no endpoints", Assert.Throws<InvalidConfigurationException>(() => new ReplicatedStateClientOptions().Validate()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("http://node:1")]
    [InlineData("node:port")]
    [InlineData("node:1/path")]
    public void A_malformed_endpoint_is_named(string endpoint)
    {
        ReplicatedStateClientOptions options = Options();
        options.Endpoints.Add(endpoint);
        Assert.Contains($"'{endpoint}'", Assert.Throws<InvalidConfigurationException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_longer_than_the_longest_is_refused()
    {
        ReplicatedStateClientOptions options = Options();
        options.Resilience.RetryDelay = TimeSpan.FromSeconds(6);
        Assert.Contains("MaxRetryDelay", Assert.Throws<InvalidConfigurationException>(options.Validate).Message, StringComparison.Ordinal);
    }

    private static ReplicatedStateClientOptions Options() => new() { Endpoints = { "node:1" } };
}
