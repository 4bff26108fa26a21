using System.Buffers;
using System.Globalization;
using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

/// <summary>What a number looks like never depends on a node's settings, nor on what a command did to its thread.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly Replica _replica = new();

    public void Dispose() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void A_thread_with_a_culture_applies_nothing()
    {
        CultureInfo.CurrentCulture = Tally.StrangeCulture();
        Assert.Throws<InvariantViolationException>(() => _replica.Apply(EntryKind.NoOp));
    }

    [Fact]
    public void A_command_that_changes_its_threads_culture_changes_nothing_for_the_next_one()
    {
        Assert.Equal("-1", Text(_replica.CallOnce(Tally.Speak())!.Body));
        Assert.Equal("-1", Text(_replica.CallOnce(Tally.Speak())!.Body));
        Assert.Same(CultureInfo.InvariantCulture, CultureInfo.CurrentCulture);
    }

    [Fact]
    public void A_query_on_a_thread_with_a_culture_answers_as_everywhere_and_leaves_the_threads_culture_alone()
    {
        CultureInfo own = Tally.StrangeCulture();
        CultureInfo.CurrentCulture = own;
        var body = new ArrayBufferWriter<byte>();
        Assert.Equal(ReplyStatus.Ok, _replica.Machine.Query(new ReadOnlySequence<byte>(Tally.Speak()), body, out _, out _));
        Assert.Equal("-1", Text(Convert.ToHexString(body.WrittenSpan)));
        Assert.Same(own, CultureInfo.CurrentCulture);
    }

    private static string Text(string body) => Encoding.UTF8.GetString(Convert.FromHexString(body)[1..]);
}
