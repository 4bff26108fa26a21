using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Chaos.Network;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>One node: an operating-system process of this same program, behind a proxy that outlives it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly Lock _lock = new();
    private readonly FaultNetwork _network;
    private readonly NodeProxy _proxy;
    private readonly int _port;
    private readonly string _dataDirectory;
    private readonly string _peers;
    private Process? _process;
    private StreamWriter? _log;
    private bool _endWanted;

    /// <param name="name">The node's name.</param>
    /// <param name="ports">Where the proxy, the node and its HTTP endpoint listen.</param>
    /// <param name="dataDirectory">The node's data; the log is beside it.</param>
    /// <param name="peers">The members by their proxies.</param>
    /// <param name="network">What the proxy belongs to.</param>
    /// <param name="clock">The node's wall clock; null where it has the machine's.</param>
    public NodeProcess(string name, (int Proxy, int Node, int Http) ports, string dataDirectory, string peers, FaultNetwork network, NodeClock? clock)
    {
        Clock = clock;
        Name = name;
        ProxyPort = ports.Proxy;
        HttpPort = ports.Http;
        _port = ports.Node;
        _dataDirectory = dataDirectory;
        _peers = peers;
        _network = network;
        LogPath = dataDirectory + ".log";
        _proxy = new NodeProxy(name, ports.Proxy, ports.Node, network);
    }

    public string Name { get; }

    /// <summary>Where peers and clients find the node.</summary>
    public int ProxyPort { get; }

    public int HttpPort { get; }

    /// <summary>The node's wall clock; null where it has the machine's.</summary>
    public NodeClock? Clock { get; }

    /// <summary>Everything that the node's processes printed.</summary>
    public string LogPath { get; }

    public int? ProcessId
    {
        get
        {
            lock (_lock)
                return _process is { HasExited: false } process ? process.Id : null;
        }
    }

    /// <summary>How the process ended without having been killed or asked to stop; null where it didn't.</summary>
    public int? UnwantedExitCode
    {
        get
        {
            lock (_lock)
                return !_endWanted && _process is { HasExited: true } process ? process.ExitCode : null;
        }
    }

    public void Start()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        foreach (string argument in (string[])["node", Name, "--data", _dataDirectory, "--peers", _peers, "--port", $"{_port}", "--http-port", $"{HttpPort}"])
            start.ArgumentList.Add(argument);
        Clock?.Govern(start);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        lock (_lock)
        {
            _log ??= new StreamWriter(LogPath, append: true) { AutoFlush = true };
            process.Start();
            _process?.Dispose();
            _process = process;
            _endWanted = false;
            _network.Register(Name, process.Id);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>kill −9: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        if (Ending() is not { } process)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        if (Clock is not null)
            NodeClock.CleanUpAfter(process.Id);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="ChaosFailedException">It doesn't end, or not well.</exception>
    public async Task TerminateAsync()
    {
        if (Ending() is not { HasExited: false } process)
            return;
        ProcessSignal.Terminate(process.Id);
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            throw new ChaosFailedException($"{Name} still runs {StopPatience.TotalSeconds:0} s after SIGTERM.{LastWords()}");
        }

        if (process.ExitCode != 0)
            throw new ChaosFailedException($"{Name} was asked to stop and ended with exit code {process.ExitCode}.{LastWords()}");
    }

    /// <summary>From now on the node may end by itself, because it isn't a member any more.</summary>
    public void LetGo() => Ending();

    /// <summary>Takes the processor from it for a while.</summary>
    /// <remarks>By a shell, which gives it back also where this process is killed in between: nothing else can end a process that stands still.</remarks>
    /// <returns>False where it doesn't run.</returns>
    public async Task<bool> FreezeAsync(TimeSpan length)
    {
        if (ProcessId is not { } id)
            return false;
        using Process shell = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -STOP {id} && sleep {length.TotalSeconds:0.00} && kill -CONT {id}")]);
        await shell.WaitForExitAsync();
        return shell.ExitCode == 0;
    }

    /// <summary>The last lines of the log, for somebody who has to find out what went wrong.</summary>
    public string LastWords()
    {
        lock (_lock)
            return $" Its last words, in {LogPath}:{Environment.NewLine}{(File.Exists(LogPath) ? string.Join(Environment.NewLine, File.ReadLines(LogPath).TakeLast(15)) : "")}";
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _proxy.DisposeAsync();
        lock (_lock)
        {
            _process?.Dispose();
            _process = null;
            _log?.Dispose();
            _log = null;
        }
    }

    private Process? Ending()
    {
        lock (_lock)
        {
            _endWanted = true;
            return _process;
        }
    }

    private void Log(string? line)
    {
        lock (_lock)
        {
            if (line is not null)
                _log?.WriteLine(line);
        }
    }
}
