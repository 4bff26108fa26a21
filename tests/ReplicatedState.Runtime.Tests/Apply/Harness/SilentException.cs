namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>An exception that can't even be described.</summary>
internal sealed class SilentException : Exception
{
    public override string Message => throw new InvalidOperationException("no message");
}
