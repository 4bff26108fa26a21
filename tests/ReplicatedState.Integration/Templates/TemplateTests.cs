using System.Diagnostics;

namespace ReplicatedState.Integration.Templates;

public sealed class TemplateTests : IDisposable
{
    /// <summary>Everything that a user's project pulls in, and the template itself.</summary>
    private static readonly string[] Packages =
    [
        "src/ReplicatedState.Abstractions", "src/ReplicatedState.Consensus", "src/ReplicatedState.Runtime", "src/ReplicatedState.Client", "src/ReplicatedState.Storage.ZoneTree",
        "src/ReplicatedState.Transport.Grpc", "src/ReplicatedState.AspNetCore", "src/ReplicatedState", "src/ReplicatedState.Testing", "templates/ReplicatedState.Templates",
    ];

    /// <summary>
    /// What this repository's own build needs too: MessagePack 3 depends on a package that its own generator is in, and that not every registry has. Whoever
    /// uses the public registry needs neither.
    /// </summary>
    private const string BuildProperties =
        """
        <Project>
          <ItemGroup>
            <PrunePackageReference Include="MessagePackAnalyzer" Version="999.0.0" />
          </ItemGroup>
        </Project>
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("template-home-").FullName;

    [Fact]
    public async Task A_service_from_the_template_builds_passes_its_tests_and_runs()
    {
        var dotnet = new DotnetCommand(_home);
        string feed = Path.Combine(_home, "feed");
        foreach (string package in Packages)
            await new DotnetCommand().RunAsync(Build.RepositoryRoot, "pack", package, "-c", Build.Configuration, "--no-build", "-o", feed, "-v", "quiet");

        string work = Path.Combine(_home, "work");
        Directory.CreateDirectory(work);
        await File.WriteAllTextAsync(Path.Combine(work, "Directory.Build.props"), BuildProperties);
        await File.WriteAllTextAsync(
            Path.Combine(work, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{feed}" />
              </packageSources>
            </configuration>
            """);
        await dotnet.RunAsync(work, "new", "install", Path.Combine(feed, $"ReplicatedState.Templates.{Build.Version}.nupkg"));
        await dotnet.RunAsync(work, "new", "replicated-service", "-n", "Orders", "-o", "Orders");

        string orders = Path.Combine(work, "Orders");
        await dotnet.RunAsync(orders, "build", "-warnaserror");
        Assert.Contains("Passed!", await dotnet.RunAsync(orders, "test", "--no-build"), StringComparison.Ordinal);
        await RunServiceAsync(dotnet, orders);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

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
