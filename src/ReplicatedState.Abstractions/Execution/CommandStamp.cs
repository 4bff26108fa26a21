namespace ReplicatedState;

/// <summary>What a <see cref="CommandContext"/> tells one command.</summary>
internal readonly record struct CommandStamp(UInt128 Seed, ulong Index, ulong Term, DateTimeOffset Now, int MachineVersion, string Caller, int Ordinal = 0, TimerId? Timer = null);
