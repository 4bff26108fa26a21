using System.Security.Cryptography;

namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The operating system's randomness.</summary>
public sealed class SystemEntropy : IEntropy
{
    /// <inheritdoc/>
    public void Fill(Span<byte> into) => RandomNumberGenerator.Fill(into);
}
