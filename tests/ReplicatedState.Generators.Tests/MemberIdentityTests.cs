using System.IO.Hashing;
using System.Text;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Generators.Tests;

public sealed class MemberIdentityTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Transfer")]
    [InlineData("_balances")]
    [InlineData("exactly16letters")]
    [InlineData("a name of more than thirty-two bytes, and then some")]
    [InlineData("Überweisung 🐢")]
    public void A_name_hashes_as_XXH32_does(string name) =>
        Assert.Equal(XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(name)) | 0x8000_0000, MemberIdentity.Of(name, 0));

    [Fact]
    public void An_explicit_number_is_itself() => Assert.Equal(7u, MemberIdentity.Of("Transfer", 7));
}
