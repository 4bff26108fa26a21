namespace ReplicatedState.Testing;

/// <summary>A creation, deletion (no inode) or rename in a directory, durable once the directory is synced.</summary>
internal sealed record DirectoryChange(string Directory, string Path, SimulatedInode? Inode, string? RenamedFrom = null)
{
    public void ApplyTo(Dictionary<string, SimulatedInode> names)
    {
        if (Inode is null)
            names.Remove(Path);
        else
            names[Path] = Inode;
        if (RenamedFrom is not null)
            names.Remove(RenamedFrom);
    }
}
