using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ReplicatedState.Consensus;

/// <summary>Assertions that stay on in production: a core that contradicts itself stops rather than guesses.</summary>
public static class Invariant
{
    /// <summary>Throws where the condition doesn't hold.</summary>
    /// <exception cref="InvariantViolationException">It doesn't.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, string sentence)
    {
        if (!condition)
            Violated(sentence);
    }

    [DoesNotReturn]
    private static void Violated(string sentence) => throw new InvariantViolationException(sentence);
}
