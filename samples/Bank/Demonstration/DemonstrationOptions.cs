namespace BankSample.Demonstration;

/// <summary>What the command line asks for.</summary>
/// <param name="Seconds">How long transfers are made.</param>
/// <param name="Clients">How many are under way at a time.</param>
/// <param name="Nodes">How many node processes; 3 or more.</param>
/// <param name="DataDirectory">Where the nodes keep their data; null for a temporary directory that is removed again.</param>
/// <param name="LiveDisplay">A live picture instead of plain lines.</param>
internal sealed record DemonstrationOptions(int Seconds, int Clients, int Nodes, string? DataDirectory, bool LiveDisplay);
