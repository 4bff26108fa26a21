namespace ReplicatedState.Testing;

/// <summary>Commands, answers and snapshots of every version of a machine, kept in files beside its tests and read again by every later build.</summary>
public static class GoldenFiles
{
    /// <summary>The files of one machine.</summary>
    /// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
    /// <param name="directory">Where they are, or shall be: one folder for each version. It belongs under version control.</param>
    public static GoldenFiles<TMachine> Of<TMachine>(string directory)
        where TMachine : class, IReplicatedStateMachine<TMachine> => new(directory);
}
