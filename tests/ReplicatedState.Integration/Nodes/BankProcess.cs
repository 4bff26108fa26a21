using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ReplicatedState.Integration.Nodes;

/// <summary>The bank sample as a process of its own, be it a node or the demonstration. Whatever happens in a test, disposing it leaves nothing behind.</summary>
internal sealed class BankProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private BankProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static BankProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Build.BankPath);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        var bank = new BankProcess(new Process { StartInfo = start });
        bank._process.OutputDataReceived += (_, line) => bank.Remember(line.Data);
        bank._process.ErrorDataReceived += (_, line) => bank.Remember(line.Data);
        bank._process.Start();
        bank._process.BeginOutputReadLine();
        bank._process.BeginErrorReadLine();
        return bank;
    }

    /// <summary>Asks the HTTP endpoint; null where nobody answers.</summary>
    public static async Task<JsonElement?> StatusAsync(int httpPort)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync($"http://127.0.0.1:{httpPort}/consensus/status"));
            return document.RootElement.Clone();
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>True where the node may be given work.</summary>
    public static async Task<bool> IsReadyAsync(int httpPort)
    {
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync($"http://127.0.0.1:{httpPort}/consensus/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    public Task SaysAsync(string words) => Eventually.HoldsAsync($"the process to say '{words}'", () => Task.FromResult(Output.Contains(words, StringComparison.Ordinal)), () => Output);

    public void Kill() => _process.Kill();

    /// <summary>Lets go of its standard input, which a node with a parent takes for the wish to stop.</summary>
    public void LetGo() => _process.StandardInput.Close();

    public async Task EndsAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The process didn't end. It said:{Environment.NewLine}{Output}");
        }
    }

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
            _output.AppendLine(line);
    }
}
