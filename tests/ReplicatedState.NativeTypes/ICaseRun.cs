using ReplicatedState.Generators.Tests.Matrix;

namespace ReplicatedState.NativeTypes;

/// <summary>One type as argument, result and state of its machine.</summary>
internal interface ICaseRun
{
    /// <summary>The encoded result and the state's hash, as they are on file for the tests of the generator.</summary>
    /// <exception cref="InvalidOperationException">A restored machine is not the one that wrote the snapshot.</exception>
    Task<string> PrintAsync(TypeCase type);

    /// <summary>The result in JSON, after a call in JSON that was made of it.</summary>
    Task<string> PrintJsonAsync(TypeCase type);
}
