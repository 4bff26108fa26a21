using System.Diagnostics;
using ReplicatedState.Integration.Packages;

namespace ReplicatedState.Integration.Templates;

[Collection(nameof(PackedFeed))]
public sealed class TemplateTests(PackedFeed feed)
{
    [Fact]
    public async Task A_service_from_the_template_builds_passes_its_tests_and_runs()
    {
        var dotnet = new DotnetCommand(feed.Home);
        string work = feed.NewDirectory("work");
        await dotnet.RunAsync(work, "new", "install", Path.Combine(feed.Feed, $"ReplicatedState.Templates.{Build.Version}.nupkg"));
        await dotnet.RunAsync(work, "new", "replicated-service", "-n", "Orders", "-o", "Orders");

        string orders = Path.Combine(work, "Orders");
        await dotnet.RunAsync(orders, "build", "-warnaserror");
        Assert.Contains("Passed!", await dotnet.RunAsync(orders, "test", "--no-build"), StringComparison.Ordinal);
        await RunServiceAsync(dotnet, orders);
    }

    private static async Task RunServiceAsync(DotnetCommand dotnet, string directory)
    {
        int httpPort = Nodes.Ports.Take();
        using Process service = dotnet.Start(
            directory,
            ["run", "--no-build", "--project", "src/Orders"],
            ("CONSENSUS_HTTP_PORT", $"{httpPort}"),
            ("CONSENSUS_BIND_PORT", $"{Nodes.Ports.Take()}"),
            ("CONSENSUS_STORAGE_PATH", Path.Combine(directory, "data")));
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        try
        {
            await Eventually.HoldsAsync("the service to be ready", () => Nodes.BankProcess.IsReadyAsync(httpPort), () => $"exited: {service.HasExited}");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
            using HttpResponseMessage added = await http.PostAsync(new Uri("/counters/visits?amount=3", UriKind.Relative), null);
            Assert.Equal("3", await added.Content.ReadAsStringAsync());
            Assert.Equal("3", await http.GetStringAsync(new Uri("/counters/visits", UriKind.Relative)));
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
        }
    }
}
