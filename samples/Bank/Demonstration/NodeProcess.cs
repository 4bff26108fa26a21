using System.Diagnostics;

namespace BankSample.Demonstration;

/// <summary>One node of the demonstration: an operating-system process of this same program.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly Lock _logLock = new();

    /// <summary>The display looks at the process while the demonstration replaces it.</summary>
    private readonly Lock _processLock = new();
    private readonly string _peers;
    private Process? _process;
    private StreamWriter? _log;
    private bool _endWanted;

    public NodeProcess(string name, int peerPort, int httpPort, string dataDirectory, string peers)
    {
        Name = name;
        PeerPort = peerPort;
        HttpPort = httpPort;
        DataDirectory = dataDirectory;
        _peers = peers;
        LogPath = dataDirectory + ".log";
    }

    public string Name { get; }

    public int PeerPort { get; }

    public int HttpPort { get; }

    public string DataDirectory { get; }

    /// <summary>Everything that the node's processes printed.</summary>
    public string LogPath { get; }

    public int? ProcessId
    {
        get
        {
            lock (_processLock)
                return _process is { HasExited: false } process ? process.Id : null;
        }
    }

    /// <summary>True where the process ended without having been killed or asked to stop.</summary>
    public bool DiedByItself
    {
        get
        {
            lock (_processLock)
                return !_endWanted && _process is { HasExited: true };
        }
    }

    /// <summary>How the last process ended; null while one runs.</summary>
    public int? ExitCode
    {
        get
        {
            lock (_processLock)
                return _process is { HasExited: true } process ? process.ExitCode : null;
        }
    }

    public void Start()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        lock (_logLock)
            _log ??= new StreamWriter(LogPath, append: true) { AutoFlush = true };
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in (string[])["node", Name, "--data", DataDirectory, "--peers", _peers, "--http-port", $"{HttpPort}", "--with-parent"])
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lock (_processLock)
        {
            _process?.Dispose();
            _process = process;
            _endWanted = false;
        }
    }

    /// <summary>kill −9: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        _endWanted = true;
        if (_process is not { } process)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop and waits until it has.</summary>
    /// <returns>False where it had to be killed.</returns>
    public async Task<bool> StopAsync()
    {
        if (_process is not { HasExited: false } process)
            return true;
        _endWanted = true;
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopPatience);
            return true;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>The last lines of the log, for somebody who has to find out what went wrong.</summary>
    public string LogTail(int lines)
    {
        lock (_logLock)
            return File.Exists(LogPath) ? string.Join(Environment.NewLine, File.ReadLines(LogPath).TakeLast(lines)) : "";
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        lock (_processLock)
        {
            _process?.Dispose();
            _process = null;
        }

        lock (_logLock)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    private void Log(string? line)
    {
        if (line is null)
            return;
        lock (_logLock)
            _log?.WriteLine(line);
    }
}
