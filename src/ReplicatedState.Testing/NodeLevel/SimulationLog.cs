using Microsoft.Extensions.Logging;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What the nodes of one run say, with the simulated time, for whoever replays a seed.</summary>
internal sealed class SimulationLog(TextWriter writer, VirtualClock clock)
{
    /// <summary>Something that happened to a node, or to all.</summary>
    public void Note(int? node, string what) =>
        writer.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{clock.NowUs / 1_000_000.0,10:F6} {(node is { } number ? SimulatedStation.NameOf(number) : "--")} {what}"));

    /// <summary>A node's loggers.</summary>
    public ILoggerFactory For(int node) => new Factory(this, node);

    private sealed class Factory(SimulationLog log, int node) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A simulation's log has one writer.");

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Note(node, $"{formatter(state, exception)}{(exception is null ? "" : $" | {exception.Message}")}");
        }

        public void Dispose()
        {
        }
    }
}
