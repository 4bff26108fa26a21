using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using ReplicatedState.Benchmarks.Wire;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Benchmarks;

/// <summary>Serves the load generator's protocol through the generated client, as an application would.</summary>
internal sealed class KvService(IKeyValuesClient kv, ReplicatedNode node) : Kv.KvBase
{
    public override async Task<PutRes> Put(PutReq request, ServerCallContext context)
    {
        try
        {
            await kv.PutAsync(request.Key.ToStringUtf8(), request.Value.ToByteArray(), context.CancellationToken);
            return new PutRes { Id = request.Id, Ok = true };
        }
        catch (ConsensusException refusal)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, refusal.Message));
        }
    }

    public override async Task<GetRes> Get(GetReq request, ServerCallContext context)
    {
        try
        {
            return await ReadAsync(request, context.CancellationToken);
        }
        catch (ConsensusException refusal)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, refusal.Message));
        }
    }

    public override Task PutStream(IAsyncStreamReader<PutReq> requests, IServerStreamWriter<PutRes> answers, ServerCallContext context) =>
        PipelineAsync(requests, answers, context, async (request, cancellationToken) =>
        {
            bool ok = true;
            try
            {
                await kv.PutAsync(request.Key.ToStringUtf8(), request.Value.ToByteArray(), cancellationToken);
            }
            catch (ConsensusException)
            {
                ok = false; // the protocol's way to say that the call was refused or its outcome is not known
            }

            return new PutRes { Id = request.Id, Ok = ok };
        });

    public override Task GetStream(IAsyncStreamReader<GetReq> requests, IServerStreamWriter<GetRes> answers, ServerCallContext context) =>
        PipelineAsync(requests, answers, context, ReadAsync);

    public override Task<InfoRes> Info(InfoReq request, ServerCallContext context)
    {
        GroupStatus? group = node.Status.Groups.FirstOrDefault(static group => group.Group != GroupId.System);
        return Task.FromResult(new InfoRes
        {
            Leader = group?.Role == RaftRole.Leader,
            LeaderEp = group?.LeaderAddress ?? "",
            Applied = group?.Applied ?? 0,
        });
    }

    private async Task<GetRes> ReadAsync(GetReq request, CancellationToken cancellationToken)
    {
        ReadConsistency consistency = request.Linearizable ? ReadConsistency.Linearizable : ReadConsistency.Local;
        byte[]? value = await kv.GetAsync(request.Key.ToStringUtf8(), consistency, cancellationToken);
        return new GetRes { Id = request.Id, Found = value is not null, Value = value is null ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(value) };
    }

    /// <summary>Starts every request as it comes and writes the answers as they are ready, as many as there are before each flush.</summary>
    private static async Task PipelineAsync<TRequest, TAnswer>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TAnswer> answers,
        ServerCallContext context,
        Func<TRequest, CancellationToken, Task<TAnswer>> serve)
    {
        var ready = Channel.CreateUnbounded<TAnswer>(new UnboundedChannelOptions { SingleReader = true });
        Task writer = WriteAsync();
        int underWay = 1;
        while (await requests.MoveNext(context.CancellationToken))
        {
            Interlocked.Increment(ref underWay);
            _ = ServeAsync(requests.Current);
        }

        Leave();
        await writer;

        async Task ServeAsync(TRequest request)
        {
            try
            {
                ready.Writer.TryWrite(await serve(request, context.CancellationToken));
            }
            catch (Exception failure)
            {
                ready.Writer.TryComplete(failure);
            }
            finally
            {
                Leave();
            }
        }

        void Leave()
        {
            if (Interlocked.Decrement(ref underWay) == 0)
                ready.Writer.TryComplete();
        }

        async Task WriteAsync()
        {
            await foreach (TAnswer answer in ready.Reader.ReadAllAsync(context.CancellationToken))
            {
                answers.WriteOptions = ready.Reader.TryPeek(out _) ? new WriteOptions(WriteFlags.BufferHint) : null;
                await answers.WriteAsync(answer);
            }
        }
    }
}
