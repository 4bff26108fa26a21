using System.Buffers;
using MessagePack;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>Calls as a foreign client would write them.</summary>
internal static class Wire
{
    public delegate void Arguments(ref MessagePackWriter writer);

    /// <summary>A call by name with <paramref name="count"/> arguments, written by <paramref name="arguments"/>.</summary>
    public static byte[] Call(string name, int count = 0, Arguments? arguments = null) => Call(MemberIdentity.Of(name, 0), count, arguments);

    public static byte[] Call(uint id, int count = 0, Arguments? arguments = null) => Bytes((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(count + 1);
        writer.Write(id);
        arguments?.Invoke(ref writer);
    });

    public static byte[] Bytes(Arguments content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        content(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
