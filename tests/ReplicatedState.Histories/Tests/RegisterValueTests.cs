using CsCheck;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>A value that grows by appending is the text that it stands for.</summary>
public sealed class RegisterValueTests
{
    [Fact]
    public void However_it_was_put_together_it_is_the_same_text() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 4].Array[0, 6], Gen.String[Gen.Char['a', 'c'], 0, 4].Array[0, 6]).Sample(
            (left, right) =>
            {
                RegisterValue a = Appended(left);
                RegisterValue b = Appended(right);
                string textA = string.Concat(left);
                string textB = string.Concat(right);
                Assert.Equal(textA, a.ToString());
                Assert.Equal(textA == textB, a == b);
                Assert.Equal(textA + textB, a.Append(b).ToString());
                Assert.Equal(RegisterValue.Of(textA + textB), a.Append(b));
                if (textA == textB)
                    Assert.Equal(a.GetHashCode(), b.GetHashCode());
            },
            iter: 20_000);

    [Fact]
    public void Nothing_is_not_the_empty_text()
    {
        Assert.NotEqual(RegisterValue.None, RegisterValue.Of(""));
        Assert.True(RegisterValue.None.IsEmpty && RegisterValue.Of("").IsEmpty);
        Assert.Equal(RegisterValue.None, RegisterValue.Of(null));
        Assert.Equal(RegisterValue.Of(""), RegisterValue.None.Append(RegisterValue.Of("")));
    }

    private static RegisterValue Appended(string[] parts)
    {
        RegisterValue value = RegisterValue.Of("");
        foreach (string part in parts)
            value = value.Append(RegisterValue.Of(part));
        return value;
    }
}
