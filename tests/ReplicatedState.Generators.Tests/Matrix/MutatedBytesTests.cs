using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>The decoders of every type, on bytes that were valid once: they answer, or refuse in words that the runtime knows, and make no room for what isn't there.</summary>
public sealed class MutatedBytesTests
{
    private const int Rounds = 1_000;
    private const long AllocatedBytesMax = 1 << 20;

    public static TheoryData<string> Names => TypeMatrixTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_comes_is_decoded_or_refused_by_name(string name)
    {
        TypeCase type = TypeCases.All.Single(candidate => candidate.Name == name);
        ILocalChannel channel = TypeMatrix.Open(type);
        await TypeMatrix.PutAsync(type, channel);
        byte[] command = channel.LastRequest;
        byte[] reply = channel.LastReply;
        byte[] snapshot = channel.Snapshot();
        var random = new Random((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(name)));

        for (int round = 0; round < Rounds; round++)
        {
            Try(Mutations.Of(command, random), bytes => channel.Definition.ValidateCommand(new ReadOnlySequence<byte>(bytes)), static error => error is InvalidCommandException or UnknownCommandException);
            Try(Mutations.Of(snapshot, random), bytes => channel.RestoreNew(bytes), static error => error is InvalidSnapshotException);
            Try(Mutations.Of(reply, random), bytes => TypeMatrix.PutAsync(type, new OneReply(bytes)).GetAwaiter().GetResult(), static error => error is InvalidReplyException);
        }
    }

    [Fact]
    public async Task Whatever_comes_as_a_page_is_decoded_or_refused_by_name()
    {
        var channel = new LocalChannel<Rows>();
        await new RowsClient(channel).FillAsync(20, letters: 5);
        Assert.Equal(20, await new RowsClient(channel).AllAsync().CountAsync());
        byte[] page = channel.LastReply;
        var random = new Random(20);
        for (int round = 0; round < 20 * Rounds; round++)
            Try(Mutations.Of(page, random), bytes => new RowsClient(new OneReply(bytes)).AllAsync().CountAsync().AsTask().GetAwaiter().GetResult(), static error => error is InvalidReplyException);
    }

    private static void Try(byte[] bytes, Action<byte[]> decode, Func<Exception, bool> isKnown)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            decode(bytes);
        }
        catch (Exception error) when (isKnown(error))
        {
        }
        catch (Exception error)
        {
            Assert.Fail($"{Convert.ToHexString(bytes)}: {error}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < AllocatedBytesMax, $"{Convert.ToHexString(bytes)}: {allocated} bytes allocated");
    }

    /// <summary>A node that answers every call with the same bytes.</summary>
    private sealed class OneReply(byte[] bytes) : IStateMachineChannel
    {
        public SessionToken SessionToken => default;

        public RequestBuffer RentRequest() => RequestBuffer.Rent();

        public IStateMachineChannel WithSession(SessionToken token) => this;

        public IStateMachineChannel WithIdempotencyKey(string key) => this;

        public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken)
        {
            request.Dispose();
            return new(ReplyBuffer.Copy(bytes));
        }

        public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) => CommandAsync(request, cancellationToken);

        public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return await CommandAsync(request, cancellationToken);
        }
    }
}
