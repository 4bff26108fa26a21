using System.Runtime.CompilerServices;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Evolution;

/// <summary>What each version of the ledger wrote is kept under Golden, and the newest one reads it all.</summary>
public sealed class GoldenLedgerTests
{
    [Fact]
    public Task The_first_version_writes_what_it_wrote() => GoldenFiles.Of<First.Ledger>(Folder()).KeepAsync("bookings", async (First.ILedgerClient ledger) =>
    {
        await ledger.BookAsync("gone", 1);
        await ledger.ClearAsync();
        await ledger.BookAsync("ada", 250);
        await ledger.BookAsync("bob", -5);
    });

    [Fact]
    public Task The_second_version_writes_what_it_wrote() => GoldenFiles.Of<Second.Ledger>(Folder()).KeepAsync("bookings", async (Second.ILedgerClient ledger) =>
    {
        await ledger.BookAsync("ada", 250);
        await ledger.BookAsync("ada", 50, "tip");
    });

    [Fact]
    public Task The_third_version_writes_what_it_wrote() => GoldenFiles.Of<Third.Ledger>(Folder()).KeepAsync("bookings", async (Third.ILedgerClient ledger) =>
        await ledger.BookAsync("ada", 50, "tip", 3));

    [Fact]
    public void The_newest_version_reads_what_all_versions_wrote() =>
        Assert.Equal(3, GoldenFiles.Of<Third.Ledger>(Folder()).AssertUnderstood().Count);

    [Fact]
    public void A_source_that_lost_track_of_a_member_is_found_out()
    {
        var error = Assert.Throws<GoldenFileException>(() => GoldenFiles.Of<Careless.Ledger>(Path.Combine(Folder(), "v1")).AssertUnderstood());
        Assert.Contains("bookings.golden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_encoded_otherwise_is_found_out()
    {
        // On a copy, because writing the files anew would spoil the kept one.
        string copy = Directory.CreateTempSubdirectory("golden-").FullName;
        Directory.CreateDirectory(Path.Combine(copy, "v1"));
        File.Copy(Path.Combine(Folder(), "v1", "bookings.golden"), Path.Combine(copy, "v1", "bookings.golden"));
        var error = await Assert.ThrowsAsync<GoldenFileException>(() => GoldenFiles.Of<First.Ledger>(copy).KeepAsync("bookings", async (First.ILedgerClient ledger) =>
            await ledger.BookAsync("gone", 2)));
        Assert.Contains("its command 1 is", error.Message, StringComparison.Ordinal);
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public void Without_files_nothing_is_asserted_in_silence() =>
        Assert.Throws<GoldenFileException>(() => GoldenFiles.Of<First.Ledger>(Path.Combine(Folder(), "nowhere")).AssertUnderstood());

    private static string Folder([CallerFilePath] string self = "") => Path.Combine(Path.GetDirectoryName(self)!, "Golden");
}
