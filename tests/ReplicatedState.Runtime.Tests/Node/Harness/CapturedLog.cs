using Microsoft.Extensions.Logging;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>What a node told its operator.</summary>
internal sealed class CapturedLog : ILoggerFactory, ILogger
{
    private readonly List<string> _lines = [];

    /// <summary>How many lines contain a text.</summary>
    public int Count(string text)
    {
        lock (_lines)
            return _lines.Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
