using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public void A_command_under_a_known_key_gets_the_first_reply_and_is_not_executed()
    {
        var replica = new Replica();
        Assert.Equal(5, replica.CallKeyed("order-17"u8, Tally.Add("a", 5)).Number);
        Assert.Equal(5, replica.CallKeyed("order-17"u8, Tally.Add("a", 5)).Number);
        Assert.Equal(10, replica.CallKeyed("order-18"u8, Tally.Add("a", 5)).Number);
        Assert.Equal(2, replica.Tally.Executions);
    }

    [Fact]
    public void A_key_of_the_full_length_is_distinguished_by_its_last_byte()
    {
        var replica = new Replica();
        var key = new byte[CommandHeader.IdempotencyKeyBytesMax];
        Assert.Equal(1, replica.CallKeyed(key, Tally.Add("a", 1)).Number);
        key[^1] = 1;
        Assert.Equal(2, replica.CallKeyed(key, Tally.Add("a", 1)).Number);
        Assert.Equal(2, replica.CallKeyed(key, Tally.Add("a", 1)).Number);
    }

    [Fact]
    public void Thousands_of_keys_come_and_go_and_each_executes_once_in_its_time()
    {
        var replica = new Replica(new SessionLimits { TtlMs = 1000 });
        replica.Apply(EntryKind.NoOp);
        replica.NowMs += 1000;
        for (int i = 0; i < 5000; i++)
        {
            replica.NowMs += 1;
            byte[] key = Encoding.UTF8.GetBytes($"key-{i}");
            byte[] recent = Encoding.UTF8.GetBytes($"key-{Math.Max(0, i - 998)}");
            string body = replica.CallKeyed(key, Tally.Add("a", 1)).Body;
            Assert.Equal(body, replica.CallKeyed(key, Tally.Add("a", 1)).Body);
            Assert.Equal(Math.Max(1, i - 997), replica.CallKeyed(recent, Tally.Add("a", 1)).Number);
        }

        Assert.Equal(5000, replica.Total("a"));
        replica.NowMs += 1000;
        replica.Apply(EntryKind.Tick);
        Assert.Equal(5001, replica.CallKeyed("key-4999"u8, Tally.Add("a", 1)).Number);
    }

    [Fact]
    public void More_keys_than_the_cap_are_refused_and_none_is_evicted_for_them()
    {
        var replica = new Replica(new SessionLimits { IdempotencyKeysMax = 2 });
        replica.CallKeyed("1"u8, Tally.Add("a", 1));
        replica.CallKeyed("2"u8, Tally.Add("a", 1));
        Assert.Equal(ReplyStatus.Overloaded, replica.CallKeyed("3"u8, Tally.Add("a", 1)).Status);
        Assert.Equal(1, replica.CallKeyed("1"u8, Tally.Add("a", 1)).Number);
        Assert.Equal(2, replica.Total("a"));
    }

    [Fact]
    public void Keys_survive_a_snapshot_with_their_replies()
    {
        var replica = new Replica();
        replica.CallKeyed("ok"u8, Tally.Add("a", 5));
        replica.CallKeyed("no"u8, Tally.Reject("no_money", "sorry"));
        replica.CallKeyed("void"u8, Tally.Throw("value"));
        Replica restored = replica.Restored();

        Assert.Equal(5, restored.CallKeyed("ok"u8, Tally.Add("a", 5)).Number);
        Assert.Equal("no_money", restored.CallKeyed("no"u8, Tally.Add("a", 5)).Code);
        Assert.Equal("System.InvalidOperationException", restored.CallKeyed("void"u8, Tally.Add("a", 5)).Code);
        Assert.Equal(0, restored.Tally.Executions);
    }
}
