using System.Diagnostics;
using System.Text;

namespace ReplicatedState.Integration.Chaos;

/// <summary>The chaos runner as a process. Disposing it ends it with its nodes.</summary>
internal sealed class ChaosProcess : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    public ChaosProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Build.ChaosPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Everything printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndsAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(3 * Eventually.Patience);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The chaos runner didn't end. It said:{Environment.NewLine}{Output}");
        }
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Remember(string? line)
    {
        lock (_output)
        {
            if (line is not null)
                _output.AppendLine(line);
        }
    }
}
