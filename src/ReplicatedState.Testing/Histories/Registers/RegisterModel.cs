namespace ReplicatedState.Testing.Histories;

/// <summary>A register: read, write, compare-and-set, append. A key-value store is one for each key.</summary>
public sealed class RegisterModel : ISequentialModel<RegisterValue, RegisterCall, RegisterResult>
{
    private readonly bool _absentIsEmpty;

    private RegisterModel(bool absentIsEmpty) => _absentIsEmpty = absentIsEmpty;

    /// <summary>Begins without a value, which is not the same as an empty one.</summary>
    public static RegisterModel Register { get; } = new(absentIsEmpty: false);

    /// <summary>Begins empty: a key that was never written reads as the empty text.</summary>
    public static RegisterModel KeyValue { get; } = new(absentIsEmpty: true);

    /// <inheritdoc/>
    public RegisterValue Initial => RegisterValue.None;

    /// <inheritdoc/>
    public RegisterResult Apply(RegisterValue state, RegisterCall input, out RegisterValue next)
    {
        next = state;
        switch (input.Kind)
        {
            case RegisterCallKind.Read:
                return new RegisterResult(state);
            case RegisterCallKind.Write:
                next = input.Value;
                return default;
            case RegisterCallKind.Append:
                next = state.Append(input.Value);
                return default;
            default:
                bool swapped = AreSame(state, input.Value);
                if (swapped)
                    next = input.Replacement;
                return new RegisterResult(Swapped: swapped);
        }
    }

    /// <inheritdoc/>
    public bool Accepts(RegisterResult specified, RegisterResult observed) => specified.Swapped == observed.Swapped && AreSame(specified.Value, observed.Value);

    /// <inheritdoc/>
    public bool IsReadOnly(RegisterCall input, RegisterResult output) =>
        input.Kind == RegisterCallKind.Read || (input.Kind == RegisterCallKind.CompareAndSet && !output.Swapped);

    /// <inheritdoc/>
    public string DescribeOutput(RegisterCall input, RegisterResult output) => input.Kind switch
    {
        RegisterCallKind.Read => output.Value.IsEmpty && !output.Value.IsNone ? "''" : output.Value.ToString(),
        RegisterCallKind.CompareAndSet => output.Swapped ? "swapped" : "not swapped",
        _ => "",
    };

    private bool AreSame(RegisterValue left, RegisterValue right) => left == right || (_absentIsEmpty && left.IsEmpty && right.IsEmpty);
}
