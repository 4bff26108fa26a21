using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Determinism;

/// <summary>Every known way in which a machine can differ from its replicas is found, by the execution that shows it, and a machine without one is left in peace.</summary>
public sealed class DeterminismProbeTests
{
    private const string SecondMachine = "on a second machine";
    private const string Restored = "restored from its snapshot";
    private const string OtherCulture = "under another culture";
    private const string OtherProcess = "in another process";
    private const string OtherZone = "another time zone";

    [Fact]
    public async Task A_deterministic_machine_is_left_in_peace()
    {
        DeterminismReport report = await DeterminismProbe.Of<Purse>().SnapshotEvery(2).RunAsync(async (IPurseClient purse) =>
        {
            await purse.MoveAsync("a", "b", 5);
            CommandRejectedException no = await Assert.ThrowsAsync<CommandRejectedException>(() => purse.MoveAsync("c", "b", 5_000).AsTask());
            Assert.Equal("too_few", no.RejectionCode);
            await Assert.ThrowsAsync<CommandFailedException>(() => purse.MoveAsync("nobody", "b", 1).AsTask());
            Assert.Equal(495, await purse.CoinsOfAsync("a"));
            await purse.MoveAsync("b", "c", 100);
        });
        Assert.Equal((4, 1, 5), (report.Commands, report.Queries, report.Ways.Count));
    }

    [Fact]
    public Task Formatting_by_the_culture_is_found() => FoundAsync<CultureHazard, ICultureHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherCulture);

    [Fact]
    public Task The_order_of_a_dictionary_is_found() => FoundAsync<DictionaryHazard, IDictionaryHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), Restored);

    [Fact]
    public Task The_order_of_a_set_is_found() => FoundAsync<SetHazard, ISetHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), Restored);

    [Fact]
    public Task The_hash_code_of_a_text_is_found() => FoundAsync<HashHazard, IHashHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherProcess);

    [Fact]
    public Task A_combined_hash_code_is_found() => FoundAsync<CombinedHashHazard, ICombinedHashHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherProcess);

    [Fact]
    public Task The_clock_is_found() => FoundAsync<ClockHazard, IClockHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), SecondMachine);

    [Fact]
    public Task A_GUID_is_found() => FoundAsync<GuidHazard, IGuidHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), SecondMachine);

    [Fact]
    public Task A_random_number_is_found() => FoundAsync<RandomHazard, IRandomHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), SecondMachine);

    [Fact]
    public Task A_static_field_is_found() => FoundAsync<StaticHazard, IStaticHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), SecondMachine);

    [Fact]
    public Task State_that_the_snapshot_lacks_is_found() => FoundAsync<ForgottenHazard, IForgottenHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), Restored);

    [Fact]
    public Task The_local_time_zone_is_found() => FoundAsync<TimeZoneHazard, ITimeZoneHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherZone);

    [SkippableFact]
    public Task Sorting_by_culture_data_is_found()
    {
        Skip.IfNot(Directory.Exists("/usr/lib") && Directory.EnumerateFiles("/usr/lib", "libicuuc.so*", SearchOption.AllDirectories).Any(), "There is no culture data on this machine.");
        return FoundAsync<SortingHazard, ISortingHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherZone);
    }

    [Fact]
    public Task The_process_is_found() => FoundAsync<ProcessHazard, IProcessHazardClient>((m, n, i) => m.DoAsync(n, i).AsTask(), OtherProcess);

    [Fact]
    public async Task Without_processes_the_rest_is_found()
    {
        DeterminismReport report = await DeterminismProbe.Of<HashHazard>().WithoutProcesses().RunAsync(async (IHashHazardClient hazard) => await hazard.DoAsync("a", 1));
        Assert.Equal(3, report.Ways.Count);
    }

    [Fact]
    public async Task A_probe_without_calls_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => DeterminismProbe.Of<Purse>().RunAsync((IPurseClient _) => Task.CompletedTask));

    /// <summary>What shows a hazard first is the way that names its reason.</summary>
    private static async Task FoundAsync<TMachine, TClient>(Func<TClient, string, int, Task> call, string way)
        where TMachine : class, IReplicatedStateMachine<TMachine>
        where TClient : class
    {
        NondeterminismException found = await Assert.ThrowsAsync<NondeterminismException>(() => DeterminismProbe.Of<TMachine>().RunAsync(async (TClient client) =>
        {
            foreach (string name in (string[])["a", "b", "c", "a", "d", "b", "e", "i"])
                await call(client, name, name[0]);
        }));
        Assert.Contains(way, found.Differences[0], StringComparison.Ordinal);
        Assert.Contains("Do(\"", found.Differences[0], StringComparison.Ordinal);
    }
}
