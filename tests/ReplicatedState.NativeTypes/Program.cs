using ReplicatedState.Generators.Tests.Matrix;
using ReplicatedState.NativeTypes;

// In two steps, because a native program can't compile: it writes the machines of all types, and is then built with them (-p:Machines=directory) and prints what they encode, or with --json what that is in JSON.
if (args is ["--write", string directory])
{
    MachineSources.Write(directory);
    return 0;
}

IReadOnlyDictionary<string, ICaseRun> runs = CaseRuns.All;
if (runs.Count != TypeCases.All.Count)
{
    Console.Error.WriteLine($"This program was built with {runs.Count} of {TypeCases.All.Count} machines: write them with --write DIRECTORY, and build with -p:Machines=DIRECTORY.");
    return 1;
}

foreach (TypeCase type in TypeCases.All)
    Console.Write(args is ["--json"] ? await runs[type.Name].PrintJsonAsync(type) : await runs[type.Name].PrintAsync(type));
return 0;
