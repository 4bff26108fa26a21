using System.Globalization;

namespace ReplicatedState.Testing.Histories;

/// <summary>Words for operations.</summary>
internal sealed class OperationNames<TInput, TOutput>(Func<TInput, string> input, Func<TInput, TOutput, string> output)
{
    private const int LengthMax = 40;

    /// <summary>What was asked and answered.</summary>
    public string Call(Operation<TInput, TOutput> operation)
    {
        string asked = input(operation.Input);
        string answered = operation.Status == OperationStatus.Ok ? output(operation.Input, operation.Output) : "?";
        return Shortened(answered.Length == 0 ? asked : $"{asked} → {answered}");
    }

    /// <summary>With who asked.</summary>
    public string Short(Operation<TInput, TOutput> operation) => string.Create(CultureInfo.InvariantCulture, $"'{Call(operation)}' of client {operation.Client}");

    /// <summary>And when.</summary>
    public string Full(Operation<TInput, TOutput> operation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Short(operation)}, called at {operation.Call}, returned at {operation.Return},");

    /// <summary>The beginning and the end of a long text: values that grow differ at their ends.</summary>
    private static string Shortened(string text) => text.Length <= LengthMax ? text : $"{text[..(LengthMax / 2)]}…{text[^(LengthMax / 2)..]}";
}
