using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>Every type that can be encoded, as a parameter, as a result and in the state, alone and inside of a list.</summary>
public sealed class TypeMatrixTests
{
    public static TheoryData<string> Names => [.. TypeCases.All.Select(static type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_argument_comes_back_as_a_result_and_a_restored_machine_holds_the_same(string name)
    {
        TypeCase type = TypeCases.All.Single(candidate => candidate.Name == name);
        ILocalChannel channel = TypeMatrix.Open(type);

        Sameness.Check(TypeMatrix.Sample(type), await TypeMatrix.PutAsync(type, channel));
        Sameness.Check(TypeMatrix.MoreOf(type, channel.Machine), await TypeMatrix.GetAsync(type, channel));
        byte[] snapshot = channel.Snapshot();
        IStateMachine restored = channel.RestoreNew(snapshot);

        Sameness.Check(TypeMatrix.ValueOf(type, channel.Machine), TypeMatrix.ValueOf(type, restored));
        Sameness.Check(TypeMatrix.MoreOf(type, channel.Machine), TypeMatrix.MoreOf(type, restored));
        Assert.Equal(snapshot, channel.SnapshotOf(restored));
        Assert.Equal(channel.Machine.ComputeStateHash(version: 1), restored.ComputeStateHash(version: 1));
        Assert.NotEqual(TypeMatrix.Open(type).Machine.ComputeStateHash(version: 1), restored.ComputeStateHash(version: 1));
    }

    /// <summary>Logs and snapshots are full of these bytes, and replicas of two versions compare these hashes: neither may ever change.</summary>
    [Fact]
    public async Task Encodings_and_hashes_are_what_they_always_were()
    {
        var lines = new List<string>();
        foreach (TypeCase type in TypeCases.All)
        {
            ILocalChannel channel = TypeMatrix.Open(type);
            await TypeMatrix.PutAsync(type, channel);
            lines.Add($"{type.Name}: {type.Type}\n  {Convert.ToHexString(channel.LastReply)}\n  hash {channel.Machine.ComputeStateHash(version: 1):X32}\n");
        }

        ExpectedFiles.Check("Encodings", [("Encodings.txt", string.Concat(lines))]);
    }
}
