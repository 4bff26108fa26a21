using System.Buffers;
using System.Runtime.CompilerServices;
using CsCheck;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

/// <summary>Valid bytes with some of them changed, cut or repeated: whatever comes, decoders answer in their own words or not at all.</summary>
public sealed class DecoderFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public async Task Mutated_commands_are_decoded_or_refused()
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<Everything>();
        byte[] command = await CaptureAsync(static client => client.KeepAsync(Samples.Scalars, Samples.Collections, Samples.Objects).AsTask());

        Mutations(command).Sample(
            bytes =>
            {
                try
                {
                    definition.ValidateCommand(new ReadOnlySequence<byte>(bytes));
                }
                catch (Exception error) when (error is InvalidCommandException or UnknownCommandException)
                {
                }
            },
            iter: Rounds);
    }

    [Fact]
    public async Task Mutated_queries_are_answered_or_refused()
    {
        byte[] query = await CaptureAsync(static client => client.EchoObjectsAsync(Samples.Objects).AsTask());

        Mutations(query).Sample(
            bytes =>
            {
                var reader = new MessagePack.MessagePackReader(bytes);
                var writer = new MessagePack.MessagePackWriter(new ArrayBufferWriter<byte>());
                try
                {
                    ((IStateMachine)new Everything()).Query(ref reader, ref writer);
                }
                catch (Exception error) when (error is InvalidCommandException or UnknownCommandException)
                {
                }
            },
            iter: Rounds);
    }

    [Fact]
    public async Task Mutated_snapshots_are_restored_or_refused()
    {
        var channel = new LocalChannel<Everything>();
        var client = new EverythingClient(channel);
        await client.KeepAsync(Samples.Scalars, Samples.Collections, Samples.Objects);
        for (int seed = 1; seed < 5; seed++)
            await client.FillAsync(seed);

        Mutations(channel.Snapshot()).Sample(
            bytes =>
            {
                var reader = new MessagePack.MessagePackReader(bytes);
                try
                {
                    ((IStateMachine)new Everything()).ReadSnapshot(ref reader, version: 3);
                }
                catch (InvalidSnapshotException)
                {
                }
            },
            iter: Rounds);
    }

    /// <summary>One to four bytes changed, then perhaps a piece cut out or doubled.</summary>
    private static Gen<byte[]> Mutations(byte[] valid)
    {
        Gen<(int At, byte Value)[]> changes = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[0, 4];
        return Gen.Select(changes, Gen.Int[0, valid.Length], Gen.Int[0, 16], Gen.Int[0, 3]).Select((edits, at, length, kind) =>
        {
            byte[] bytes = [.. valid];
            foreach ((int place, byte value) in edits)
                bytes[place] = value;
            int end = Math.Min(at + length, bytes.Length);
            return kind switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[end..]],
                2 => [.. bytes[..end], .. bytes[at..]],
                _ => bytes,
            };
        });
    }

    private static async Task<byte[]> CaptureAsync(Func<EverythingClient, Task> call)
    {
        var channel = new CapturingChannel();
        await Assert.ThrowsAsync<OperationCanceledException>(() => call(new EverythingClient(channel)));
        return channel.Captured;
    }

    private sealed class CapturingChannel : IStateMachineChannel
    {
        public byte[] Captured { get; private set; } = [];

        public RequestBuffer RentRequest() => RequestBuffer.Rent();

        public SessionToken SessionToken { get; private set; }

        public IStateMachineChannel WithSession(SessionToken token)
        {
            SessionToken = token;
            return this;
        }

        public IStateMachineChannel WithIdempotencyKey(string key) => this;

        public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken)
        {
            Captured = request.Written.ToArray();
            request.Dispose();
            return ValueTask.FromException<ReplyBuffer>(new OperationCanceledException());
        }

        public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
            CommandAsync(request, cancellationToken);

        public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return await CommandAsync(request, cancellationToken);
        }
    }
}
