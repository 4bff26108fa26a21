using CsCheck;
using ReplicatedState.Runtime.Apply.Sessions;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class IdempotencyTableTests
{
    [Fact]
    public void Keys_that_come_and_go_are_found_like_in_a_plain_dictionary()
    {
        // More keys come than go, so that the ring grows again and again, and mostly not from its beginning.
        Gen.Select(Gen.UShort, Gen.Int[0, 2]).Array[1, 400].Sample(steps =>
        {
            var replies = new ReplyStore();
            var table = new IdempotencyTable(replies, hashSeed: 42);
            var model = new Queue<ushort>();
            foreach ((ushort key, int action) in steps)
            {
                byte[] bytes = BitConverter.GetBytes(key);
                if (action == 0 && model.Count > 0)
                {
                    Assert.Equal(2 + 1, table.RemoveOldest());
                    ushort gone = model.Dequeue();
                    Assert.False(table.TryGet(BitConverter.GetBytes(gone), out _));
                }
                else if (!table.TryGet(bytes, out _))
                {
                    table.Add(new KeyedReply(table.Count, ReplyStatus.Ok, bytes.Length, replies.Add(bytes, [(byte)(key * 7)])));
                    model.Enqueue(key);
                }
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model, table.All().Select(keyed => BitConverter.ToUInt16(table.KeyOf(keyed))));
            foreach (ushort key in model)
            {
                Assert.True(table.TryGet(BitConverter.GetBytes(key), out KeyedReply keyed));
                Assert.Equal((byte)(key * 7), table.ReplyOf(keyed)[0]);
            }
        }, iter: 300);
    }
}
