using System.Xml.Linq;

namespace ReplicatedState.Integration.Architecture;

/// <summary>Arrows between projects point one way only.</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>What each project may refer to, directly. Whatever isn't listed may not exist without somebody thinking about it.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ReplicatedState.Abstractions"] = [],
        ["ReplicatedState.Consensus"] = [],
        ["ReplicatedState.Runtime"] = ["ReplicatedState.Abstractions", "ReplicatedState.Consensus"],
        ["ReplicatedState.Client"] = ["ReplicatedState.Abstractions"],
        ["ReplicatedState.Storage.ZoneTree"] = ["ReplicatedState.Runtime", "ReplicatedState.Consensus", "ReplicatedState.Abstractions"],
        ["ReplicatedState.Transport.Grpc"] = ["ReplicatedState.Runtime", "ReplicatedState.Client", "ReplicatedState.Consensus", "ReplicatedState.Abstractions"],
        ["ReplicatedState.Testing"] = ["ReplicatedState.Runtime", "ReplicatedState.Client", "ReplicatedState.Consensus", "ReplicatedState.Abstractions"],
        ["ReplicatedState.AspNetCore"] = ["ReplicatedState.Runtime", "ReplicatedState.Client", "ReplicatedState.Storage.ZoneTree", "ReplicatedState.Transport.Grpc"],
        ["rsctl"] = ["ReplicatedState.Runtime", "ReplicatedState.Storage.ZoneTree"],
        ["ReplicatedState"] =
        [
            "ReplicatedState.Abstractions", "ReplicatedState.AspNetCore", "ReplicatedState.Client", "ReplicatedState.Runtime", "ReplicatedState.Storage.ZoneTree",
            "ReplicatedState.Transport.Grpc", "ReplicatedState.Generators", "ReplicatedState.Analyzers", "ReplicatedState.CodeFixes",
        ],
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Path.Combine(Build.RepositoryRoot, "src")).Select(directory => Path.GetFileName(directory)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? allowed), $"{project} is new: say here what it may refer to.");
        Assert.Empty(References(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'))).Except(allowed));
    }

    [Fact]
    public void The_consensus_core_depends_on_nothing_but_the_platform() =>
        Assert.Empty(References("ReplicatedState.Consensus", "PackageReference"));

    [Theory]
    [InlineData("ReplicatedState.Abstractions")]
    [InlineData("ReplicatedState.Client")]
    [InlineData("ReplicatedState.Runtime")]
    public void What_a_client_or_a_simulation_needs_does_not_need_aspnetcore(string project) =>
        Assert.Empty(References(project, "FrameworkReference"));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Build.RepositoryRoot, "src", project, $"{project}.csproj")).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);
}
