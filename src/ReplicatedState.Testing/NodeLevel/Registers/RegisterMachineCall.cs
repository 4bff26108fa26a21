namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A call to <see cref="RegisterMachine"/>: a client's numbered append, or with number 0 a read of everything.</summary>
internal readonly record struct RegisterMachineCall(ulong Client, ulong Number)
{
    public bool IsRead => Number == 0;
}
