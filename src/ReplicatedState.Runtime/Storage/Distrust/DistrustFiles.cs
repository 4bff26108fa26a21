using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>What a data directory remembers against itself: machines in quarantine, a file each, and that the disk went back in time.</summary>
/// <remarks>
/// A file is written aside, synced and renamed, so a crash leaves it or doesn't. That it is there is what counts: one that can't be read is taken for the worst that it could say. One user at
/// a time.
/// </remarks>
internal sealed class DistrustFiles(IDisk disk, string path)
{
    private const int BytesMax = 64 * 1024;
    private const string Extension = ".json";
    private const string LostEntriesName = "lost-entries" + Extension;
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Where the file of a group is, or would be.</summary>
    public string PathOf(GroupId group) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"group-{group.Value}{Extension}"));

    /// <summary>Why this directory must not be used any more; null where it may.</summary>
    public string? LostEntries =>
        disk.FileExists(Path.Combine(path, LostEntriesName))
            ? Read(Path.Combine(path, LostEntriesName)).Sentence ?? "This disk holds less than this node acknowledged. Wipe it and readmit the node."
            : null;

    /// <summary>The machines in quarantine.</summary>
    public IReadOnlyList<QuarantineRecord> ReadAll()
    {
        var records = new List<QuarantineRecord>();
        if (!disk.DirectoryExists(path))
            return records;
        foreach (string name in disk.ListFiles(path).Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith("group-", StringComparison.Ordinal)
                || !name.EndsWith(Extension, StringComparison.Ordinal)
                || !uint.TryParse(name.AsSpan(6, name.Length - 6 - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint group))
                continue;
            (ulong index, string? sentence) = Read(Path.Combine(path, name));
            records.Add(new QuarantineRecord(new GroupId(group), index, sentence ?? $"The state of group {group} was found to be wrong; {Path.Combine(path, name)}, which said how, is damaged."));
        }

        return records;
    }

    /// <summary>Keeps a machine in quarantine; durable when it returns.</summary>
    public void Keep(QuarantineRecord record) => Write(PathOf(record.Group), record.Index, record.Sentence);

    /// <summary>Lets a machine out; durable when it returns.</summary>
    public void Release(GroupId group)
    {
        if (!disk.FileExists(PathOf(group)))
            return;
        disk.Delete(PathOf(group));
        disk.SyncDirectory(path);
    }

    /// <summary>Keeps the directory from being used again; durable when it returns.</summary>
    public void KeepLostEntries(string sentence) => Write(Path.Combine(path, LostEntriesName), 0, sentence);

    private (ulong Index, string? Sentence) Read(string file)
    {
        using IStorageFile opened = disk.Open(file, FileOpenMode.Existing);
        byte[] bytes = new byte[Math.Min(opened.Length, BytesMax)];
        int read = opened.Read(0, bytes);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(0, read));
            return (document.RootElement.GetProperty("index").GetUInt64(), document.RootElement.GetProperty("sentence").GetString());
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return default;
        }
    }

    private void Write(string file, ulong index, string sentence)
    {
        if (!disk.DirectoryExists(path))
        {
            disk.CreateDirectory(path);
            disk.SyncDirectory(Path.GetDirectoryName(path)!);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("sentence", sentence);
            json.WriteEndObject();
        }

        string aside = file + ".new";
        using (IStorageFile opened = disk.Open(aside, FileOpenMode.ExistingOrNew))
        {
            opened.SetLength(0);
            opened.Write(0, buffer.WrittenSpan);
            opened.SyncData();
        }

        disk.Rename(aside, file);
        disk.SyncDirectory(path);
    }
}
