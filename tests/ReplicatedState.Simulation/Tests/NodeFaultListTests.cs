using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>Faults are added in files of their own; what keeps them from getting into each other's way.</summary>
public sealed class NodeFaultListTests
{
    private readonly NodeFault[] _faults = NodeFaultList.New();

    [Fact]
    public void Every_kind_of_fault_is_on_the_list_once() => Assert.Equal(Enum.GetValues<FaultKind>(), _faults.Select(f => f.Kind).Order());

    [Fact]
    public void No_two_faults_stand_for_each_other_in_a_trace()
    {
        byte[] codes = [.. _faults.Select(f => f.Code), .. Enum.GetValues<NodeEventKind>().Select(k => (byte)k)];
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Fact]
    public void Settings_change_one_kind_and_leave_the_others()
    {
        NodeFaults faults = NodeFaults.None.With(FaultKind.Pause, 7, detail: 3);
        Assert.Equal(new FaultSetting(7, 3), faults[FaultKind.Pause]);
        Assert.Equal(NodeFaults.None, faults.With(FaultKind.Pause, 0));
        Assert.NotEqual(NodeFaults.None, faults);
    }
}
