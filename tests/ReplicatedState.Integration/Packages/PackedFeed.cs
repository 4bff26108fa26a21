using ReplicatedState.Integration.Templates;

namespace ReplicatedState.Integration.Packages;

/// <summary>The packages of this build in a feed of their own, and the home of somebody who has never seen them.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>Everything that a user's project pulls in, and the template.</summary>
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

    private readonly string _root = Directory.CreateTempSubdirectory("packed-").FullName;

    /// <summary>Where the packages are.</summary>
    public string Feed => Path.Combine(_root, "feed");

    /// <summary>The home for a <see cref="DotnetCommand"/>.</summary>
    public string Home => Path.Combine(_root, "home");

    public async Task InitializeAsync()
    {
        foreach (string package in Packages)
            await new DotnetCommand().RunAsync(Build.RepositoryRoot, "pack", package, "-c", Build.Configuration, "--no-build", "-o", Feed, "-v", "quiet");
    }

    /// <summary>An empty directory whose projects find the packages.</summary>
    public string NewDirectory(string name)
    {
        string directory = Path.Combine(_root, name);
        Directory.CreateDirectory(directory);
        Directory.CreateDirectory(Home);
        File.WriteAllText(Path.Combine(directory, "Directory.Build.props"), BuildProperties);
        File.WriteAllText(
            Path.Combine(directory, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        return directory;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>The tests that share the feed, one after the other.</summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeedUsers : ICollectionFixture<PackedFeed>;
