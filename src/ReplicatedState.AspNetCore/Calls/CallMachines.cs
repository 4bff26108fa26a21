using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>The machine instances of this node, by name.</summary>
internal sealed class CallMachines(IEnumerable<MachineRegistration> machines)
{
    private readonly MachineRegistration[] _machines = [.. machines];

    /// <summary>The instance of a name, or with null the only one.</summary>
    /// <exception cref="UnknownMachineException">There is none of the name, or none is named and there are several; the message says which there are.</exception>
    public MachineRegistration Find(string? name)
    {
        if (name is null)
        {
            return _machines.Length == 1
                ? _machines[0]
                : throw new UnknownMachineException($"This node hosts {(_machines.Length == 0 ? "no machine" : $"{_machines.Length} machines: name one by ?machine=, of {Names}")}.");
        }

        foreach (MachineRegistration machine in _machines)
        {
            if (machine.Name == name)
                return machine;
        }

        string shown = name.Length <= 64 ? name : name[..64] + "…";
        string? nearest = NearestName.Of(shown, _machines.Select(static machine => machine.Name));
        throw new UnknownMachineException($"This node hosts no machine named '{shown}'{(nearest is null ? "" : $" (did you mean '{nearest}'?)")}; there are: {Names}.");
    }

    private string Names => string.Join(", ", _machines.Select(static machine => $"'{machine.Name}'").Order(StringComparer.Ordinal));
}
