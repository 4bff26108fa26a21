using System.Reflection;

namespace ReplicatedState.Integration;

/// <summary>Where the build that these tests belong to lies.</summary>
internal static class Build
{
    public static string BankPath => Get(nameof(BankPath));

    public static string ChaosPath => Get(nameof(ChaosPath));

    public static string RsctlPath => Get(nameof(RsctlPath));

    public static string RepositoryRoot => Get(nameof(RepositoryRoot));

    public static string Configuration => Get(nameof(Configuration));

    public static string Version => Get(nameof(Version));

    private static string Get(string key) =>
        typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
