using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Reads and replaces node.json. A replacement is written aside, synced and renamed over the old file, so that a crash leaves either.</summary>
internal sealed class NodeIdentityFile(IDisk disk, string path)
{
    private const int Format = 1;
    private const int BytesMax = 64 * 1024;
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public NodeIdentity? Read()
    {
        if (!disk.FileExists(path))
            return null;
        byte[] bytes = ReadAll();
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Decode(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damaged(error.Message, error);
        }
    }

    public void Write(NodeIdentity identity)
    {
        string aside = path + ".new";
        using (IStorageFile file = disk.Open(aside, FileOpenMode.ExistingOrNew))
        {
            file.SetLength(0);
            file.Write(0, Encode(identity));
            file.SyncData();
        }

        disk.Rename(aside, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    private static ReadOnlySpan<byte> Encode(NodeIdentity identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("clusterGuid", identity.ClusterGuid?.ToString());
            json.WriteNumber("epoch", identity.Epoch);
            json.WriteString("raftId", identity.RaftId.ToString());
            json.WriteString("name", identity.Name);
            json.WriteString("checksum", Checksum(identity));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private NodeIdentity Decode(JsonElement root)
    {
        int format = root.GetProperty("format").GetInt32();
        if (format != Format)
        {
            throw new StorageFailedException(
                $"The data directory was written in format {format}, and this version reads format {Format}: {path}. Start the version that wrote it, or a newer one.");
        }

        JsonElement cluster = root.GetProperty("clusterGuid");
        var identity = new NodeIdentity(
            cluster.ValueKind == JsonValueKind.Null ? null : cluster.GetGuid(),
            root.GetProperty("epoch").GetUInt32(),
            new RaftId(ulong.Parse(root.GetProperty("raftId").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            root.GetProperty("name").GetString()!);
        return root.GetProperty("checksum").GetString() == Checksum(identity)
            ? identity
            : throw Damaged("the checksum doesn't fit the content", null);
    }

    /// <summary>A flipped bit in the RaftId would make this node another one, so the file carries a CRC32C of its meaning.</summary>
    private static string Checksum(NodeIdentity identity)
    {
        uint crc = Crc32C.Of(Encoding.UTF8.GetBytes($"{Format}|{identity.ClusterGuid}|{identity.Epoch}|{identity.RaftId}|{identity.Name}"));
        return crc.ToString("x8", CultureInfo.InvariantCulture);
    }

    private byte[] ReadAll()
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        if (file.Length > BytesMax)
            throw Damaged($"it has {file.Length} bytes", null);
        byte[] bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length ? bytes : throw Damaged("it ends early", null);
    }

    private StorageFailedException Damaged(string why, Exception? inner) => new(
        $"The node's identity is damaged: {path}: {why}. Restore the file from a backup, or empty the data directory and let the node join again as a new member.",
        inner);
}
