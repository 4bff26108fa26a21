namespace BankSample.Demonstration;

/// <summary>The demonstration can't go on; the message says at what it failed.</summary>
internal sealed class DemonstrationFailedException(string message) : Exception(message);
