namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>An exception whose full name would hold an assembly version.</summary>
internal sealed class GenericException<T> : Exception
{
    public override string Message => typeof(T).Name;
}
