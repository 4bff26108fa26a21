using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Tells the exceptions that one replica may throw and another not from those that are the command's own, deterministic result.</summary>
/// <remarks>
/// Memory, stack, loading of types and libraries, installed cultures and time zones, files, network, time and threads differ between machines. A replica that recorded such a failure as the
/// command's reply would diverge from those where it succeeded, so it halts instead.
/// </remarks>
internal static class ReplicaLocalFailure
{
    /// <summary>True where the exception, or anything it wraps, may be this replica's alone.</summary>
    public static bool Explains(Exception exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (IsLocal(at))
                return true;
            if (at is AggregateException { InnerExceptions.Count: > 1 } several && several.InnerExceptions.Any(Explains))
                return true;
        }

        return false;
    }

    private static bool IsLocal(Exception exception) => exception is
        OutOfMemoryException or InsufficientExecutionStackException or StackOverflowException
        or TypeLoadException or TypeInitializationException or ReflectionTypeLoadException or MissingMemberException
        or BadImageFormatException or InvalidProgramException
        or IOException or UnauthorizedAccessException
        or TimeoutException or OperationCanceledException
        or ThreadInterruptedException or ThreadAbortException or ThreadStartException
        or CultureNotFoundException or TimeZoneNotFoundException or InvalidTimeZoneException or HttpRequestException
        or ExternalException or Win32Exception or AccessViolationException or PlatformNotSupportedException
        or InvariantViolationException;
}
