using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Transport.Grpc.Clients;

namespace ReplicatedState.Transport.Tests.Clients;

public sealed class ReplyStreamTests
{
    [Fact]
    public async Task A_client_that_does_not_read_is_refused_and_then_hung_up_on()
    {
        var replies = new ReplyStream(unansweredMax: 10);
        var network = new StuckWriter();
        Task writing = replies.RunAsync(network, CancellationToken.None);

        for (ulong id = 0; id < 10; id++)
            Assert.Equal(Admission.Submit, replies.Admit());
        for (ulong id = 0; id < 10; id++)
        {
            Assert.Equal(Admission.Refuse, replies.Admit());
            replies.Write(id, new NodeReply { Status = ReplyStatus.Overloaded });
        }

        Assert.Equal(Admission.HangUp, replies.Admit());
        Assert.Equal(1, network.Writes);

        replies.End();
        network.Release();
        await writing.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, network.Writes);
    }

    [Fact]
    public async Task Replies_that_come_while_a_write_is_under_way_leave_together()
    {
        var replies = new ReplyStream(unansweredMax: 1000);
        var network = new StuckWriter();
        Task writing = replies.RunAsync(network, CancellationToken.None);
        for (ulong id = 1; id <= 100; id++)
        {
            replies.Admit();
            replies.Write(id, new NodeReply());
        }

        replies.EndWhenAnswered();
        network.Release();
        await writing.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([1, 99], network.Items);
    }

    private sealed class StuckWriter : IServerStreamWriter<WireMessage>
    {
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Items { get; } = [];

        public int Writes => Items.Count;

        public WriteOptions? WriteOptions { get; set; }

        public void Release() => _release.SetResult();

        public Task WriteAsync(WireMessage message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task WriteAsync(WireMessage message)
        {
            Items.Add(message.Items);
            return _release.Task;
        }
    }
}
