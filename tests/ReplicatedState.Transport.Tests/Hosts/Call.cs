using System.Buffers;
using System.Text;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Makes encoded calls; to the transport they are just bytes.</summary>
internal static class Call
{
    public static RequestBuffer Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static RequestBuffer Of(ReadOnlySpan<byte> bytes)
    {
        RequestBuffer request = RequestBuffer.Rent();
        request.Write(bytes);
        return request;
    }
}
