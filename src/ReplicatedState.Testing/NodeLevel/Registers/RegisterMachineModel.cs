using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What <see cref="RegisterMachine"/> does for one client at a time.</summary>
internal sealed class RegisterMachineModel(int clients) : ISequentialModel<RegisterMachineState, RegisterMachineCall, RegisterMachineState>
{
    public RegisterMachineState Initial { get; } = new(0, new ulong[clients]);

    /// <summary>An append answers the total only, a read everything.</summary>
    public RegisterMachineState Apply(RegisterMachineState state, RegisterMachineCall input, out RegisterMachineState next)
    {
        next = state;
        if (input.IsRead)
            return state;
        ulong[] lastOf = [.. state.LastOf];
        lastOf[input.Client - 1] = input.Number;
        next = new RegisterMachineState(state.Total + 1, lastOf);
        return new RegisterMachineState(next.Total, []);
    }

    public bool IsReadOnly(RegisterMachineCall input, RegisterMachineState output) => input.IsRead;

    public string DescribeInput(RegisterMachineCall input) =>
        input.IsRead ? "total" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"append {input.Number}");
}
