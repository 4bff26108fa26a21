using Microsoft.Extensions.Logging;
using IZoneTreeLogger = ZoneTree.Logger.ILogger;
using ZoneTreeLogLevel = ZoneTree.Logger.LogLevel;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Hears what ZoneTree only logs: what it calls an error, on whichever thread, stops the store.</summary>
internal sealed partial class StoreLogger(StoreFailure failure, ILogger log) : IZoneTreeLogger
{
    public ZoneTreeLogLevel LogLevel { get; set; } = ZoneTreeLogLevel.Warning;

    void IZoneTreeLogger.LogError(Exception log) => failure.Record(log);

    void IZoneTreeLogger.LogWarning(object log) => Warn(log.ToString() ?? "");

    void IZoneTreeLogger.LogInfo(object log)
    {
        // Merge statistics; the store exports its own.
    }

    void IZoneTreeLogger.LogTrace(object log)
    {
    }

    private void Warn(string message) => Warning(log, message);

    [LoggerMessage(EventId = 1, Level = Microsoft.Extensions.Logging.LogLevel.Warning, Message = "ZoneTree: {Message}")]
    private static partial void Warning(ILogger logger, string message);
}
