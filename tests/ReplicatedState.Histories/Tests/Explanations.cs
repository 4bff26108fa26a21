using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>Holds what a violation says against the definition of linearizability.</summary>
internal static class Explanations
{
    public static void MustHold(RegisterModel model, HistoryViolation<RegisterCall, RegisterResult> violation)
    {
        RegisterValue state = model.Initial;
        long latestCall = long.MinValue;
        foreach (Operation<RegisterCall, RegisterResult> operation in violation.Prefix)
        {
            RegisterResult right = model.Apply(state, operation.Input, out state);
            if (operation.Status == OperationStatus.Ok)
                Assert.True(model.Accepts(right, operation.Output), $"{operation} is explained with {right}");
            Assert.True((operation.Return ?? long.MaxValue) >= latestCall, $"{operation} returned before one that stands in front of it was called");
            latestCall = Math.Max(latestCall, operation.Call);
        }

        Assert.Same(violation.Misfit, violation.Unplaced[0]);
        Assert.DoesNotContain(violation.Misfit, violation.Prefix);
        Assert.All(violation.Unplaced, o => Assert.True(o.Return >= violation.Misfit.Return));
        Assert.Contains("fits nowhere", violation.Explanation, StringComparison.Ordinal);
        Assert.Contains("╞", violation.Picture, StringComparison.Ordinal);
        Assert.Contains("</svg>", violation.PictureHtml, StringComparison.Ordinal);
    }
}
