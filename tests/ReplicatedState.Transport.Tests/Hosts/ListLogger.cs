using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLogger : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _lines = new();

    public IReadOnlyCollection<(LogLevel Level, string Category, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<(LogLevel Level, string Category, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, name, formatter(state, exception) + exception));
    }
}
