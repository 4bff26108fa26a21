using MessagePack;
using ReplicatedState.Events;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A page of text events, decoded.</summary>
internal sealed record EventPageContent(EventOffset Next, IReadOnlyList<(EventOffset Offset, long TimeMs, string Text)> Found)
{
    public IEnumerable<string> Texts => Found.Select(found => found.Text);

    public static EventPageContent Read(byte[] page)
    {
        var reader = new MessagePackReader(page);
        int events = reader.ReadArrayHeader() - 2;
        var next = new EventOffset(reader.ReadUInt64(), reader.ReadInt32());
        var found = new List<(EventOffset, long, string)>();
        for (int i = 0; i < events; i++)
        {
            Assert.Equal(4, reader.ReadArrayHeader());
            found.Add((new EventOffset(reader.ReadUInt64(), reader.ReadInt32()), reader.ReadInt64(), reader.ReadString()!));
        }

        Assert.True(reader.End);
        return new EventPageContent(next, found);
    }
}
