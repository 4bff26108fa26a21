namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What a replica of a <see cref="RegisterMachine"/> did at an index.</summary>
/// <param name="Client">Whose command.</param>
/// <param name="Number">Which of the client's.</param>
/// <param name="CommandId">The command's id.</param>
/// <param name="Version">The machine version by which it was executed.</param>
internal readonly record struct RegisterExecution(ulong Client, ulong Number, uint CommandId, int Version)
{
    /// <summary>Whether it is one that only the upgraded machine has.</summary>
    public bool IsMark => CommandId == UpgradedRegisterMachine.MarkId;

    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"command {Number} of client {Client}{(Version == 1 ? "" : $", {(IsMark ? "a mark " : "")}by version {Version}")}");
}
