using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace ReplicatedState.Testing.Determinism;

/// <summary>
/// Executes calls in another process: the same application, with the same dependencies, that this assembly takes over as a startup hook before the application's own code begins.
/// So it needs no program of its own, and works in every test host that is a .NET application with its files beside it.
/// </summary>
internal static class ProbeProcess
{
    /// <summary>Set for the child: what the startup hook is there for.</summary>
    public const string Marker = "REPLICATEDSTATE_DETERMINISM_PROBE";
    private const string InvariantMode = "System.Globalization.Invariant";
    private const string PredefinedCultures = "System.Globalization.PredefinedCulturesOnly";
    private const string DepsSuffix = ".deps.json";
    private const string WayOut = "The in-process part of the probe works everywhere: call WithoutProcesses() for it alone";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Starts the process, hands it the calls, and takes what came of them.</summary>
    /// <exception cref="InvalidOperationException">The process can't be started, or ended without an answer; the message says why, and what to do.</exception>
    public static async Task<ProbeOutcome[]> RunAsync(Type machine, IReadOnlyList<ProbeCall> calls, ProbeSurroundings surroundings)
    {
        string name = ApplicationName();
        string configuration = Path.Combine(Path.GetTempPath(), $"determinism-probe-{Environment.ProcessId}-{Path.GetRandomFileName()}.runtimeconfig.json");
        try
        {
            await WriteConfigurationAsync(name, configuration, surroundings).ConfigureAwait(false);
            using Process process = Start(name, configuration, surroundings);
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            using CancellationTokenRegistration end = patience.Token.UnsafeRegister(static p => ((Process)p!).Kill(entireProcessTree: true), process);
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                using (var writer = new BinaryWriter(process.StandardInput.BaseStream, Encoding.UTF8))
                    ProbeWire.WriteCalls(writer, machine, calls);
                using var reader = new BinaryReader(process.StandardOutput.BaseStream, Encoding.UTF8);
                ProbeOutcome[] outcomes = ProbeWire.ReadOutcomes(reader, calls.Count);
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
                return outcomes;
            }
            catch (IOException)
            {
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                throw new InvalidOperationException(
                    $"The process that should execute the commands again, {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}, ended with exit code {process.ExitCode} and without "
                    + $"an answer: {(await errors.ConfigureAwait(false)).Trim()}. {WayOut}.");
            }
        }
        finally
        {
            new FileInfo(configuration).Delete();
        }
    }

    private static Process Start(string name, string configuration, ProbeSurroundings surroundings)
    {
        var start = new ProcessStartInfo(DotnetPath()) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add("--depsfile");
        start.ArgumentList.Add(name + DepsSuffix);
        start.ArgumentList.Add("--runtimeconfig");
        start.ArgumentList.Add(configuration);
        start.ArgumentList.Add(ProgramPath(name));
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ProbeProcess).Assembly.Location;
        start.Environment[Marker] = "1";
        start.Environment.Remove("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"); // the configuration says it
        if (surroundings == ProbeSurroundings.Other)
            start.Environment["TZ"] = TimeZoneInfo.Local.BaseUtcOffset == TimeSpan.FromMinutes(345) ? "Pacific/Apia" : "Asia/Kathmandu";
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start. {WayOut}.");
    }

    /// <summary>The path of the application's files, without their suffixes: what the host was started with, which under a test runner is the test project's.</summary>
    private static string ApplicationName()
    {
        string? deps = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (deps is null || !deps.EndsWith(DepsSuffix, StringComparison.Ordinal) || typeof(ProbeProcess).Assembly.Location.Length == 0)
            throw new InvalidOperationException($"The probe starts other processes of this application, and the application has no .deps.json file: it is a single file, or its host was made by hand. {WayOut}.");
        return deps[..^DepsSuffix.Length];
    }

    /// <summary>Something with an entry point: the application, or where that is a library, the host that runs it. Its code never begins.</summary>
    private static string ProgramPath(string name)
    {
        Assembly? application = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => !a.IsDynamic && string.Equals(a.Location, name + ".dll", StringComparison.OrdinalIgnoreCase));
        if (application?.EntryPoint is not null)
            return name + ".dll";
        return Assembly.GetEntryAssembly() is { Location: { Length: > 0 } host }
            ? host
            : throw new InvalidOperationException($"The probe starts other processes of this application, and neither {name}.dll nor its host has an entry point. {WayOut}.");
    }

    private static string DotnetPath()
    {
        string executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string[] candidates =
        [
            Environment.ProcessPath ?? "",
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "",
            Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", executable)),
        ];
        return candidates.FirstOrDefault(path => Path.GetFileName(path) == executable && Path.Exists(path))
            ?? throw new InvalidOperationException($"The probe starts other processes with the dotnet command, and finds none beside the runtime at {candidates[^1]}. {WayOut}.");
    }

    private static async Task WriteConfigurationAsync(string name, string path, ProbeSurroundings surroundings)
    {
        string original = $"{name}.runtimeconfig.json";
        if (!Path.Exists(original))
            throw new InvalidOperationException($"The probe starts other processes of this application, and {original} is missing. {WayOut}.");
        JsonNode root;
        using (var reader = new StreamReader(original))
            root = JsonNode.Parse(await reader.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false))!;
        var options = (JsonObject)root["runtimeOptions"]!;
        if (options["configProperties"] is not JsonObject properties)
            options["configProperties"] = properties = [];
        AppContext.TryGetSwitch(InvariantMode, out bool isInvariant);
        properties[InvariantMode] = surroundings == ProbeSurroundings.Other && HasCultureData(isInvariant) ? !isInvariant : isInvariant;
        properties[PredefinedCultures] = false;
        using var writer = new StreamWriter(path);
        await writer.WriteAsync(root.ToJsonString().AsMemory(), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Whether cultures can be had at all: Windows brings its own, elsewhere it takes the ICU library, without which a process that isn't invariant doesn't start.</summary>
    private static bool HasCultureData(bool isInvariant)
    {
        if (!isInvariant || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return true;
        string[] folders = ["/usr/lib", "/usr/lib64", "/lib", $"/usr/lib/{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch { System.Runtime.InteropServices.Architecture.Arm64 => "aarch64", _ => "x86_64" }}-linux-gnu"];
        return folders.Any(folder => new DirectoryInfo(folder) is { Exists: true } directory && directory.EnumerateFiles("libicuuc.so*").Any());
    }
}
