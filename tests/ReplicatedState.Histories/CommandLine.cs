using System.Globalization;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine
{
    public const string Usage = "Usage: ReplicatedState.Histories check --model register|kv [--budget STATES] [--expect LABELS.csv] [--picture FILE.html] FILE…";

    public required RegisterModel Model { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public CheckBudget Budget { get; init; } = new();

    /// <summary>A table of file names and true or false.</summary>
    public string? Expect { get; init; }

    /// <summary>Where the first violation is drawn.</summary>
    public string? Picture { get; init; }

    /// <exception cref="ArgumentException">An argument isn't understood; the message names it.</exception>
    public static CommandLine Parse(string[] args)
    {
        if (args is not ["check", ..])
            throw new ArgumentException("What shall be done? There is 'check'.");
        RegisterModel? model = null;
        string? expect = null;
        string? picture = null;
        var budget = new CheckBudget();
        var files = new List<string>();
        for (int i = 1; i < args.Length; i++)
        {
            string option = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{option} needs a value.");
            switch (option)
            {
                case "--model":
                    model = ModelNamed(Value());
                    break;
                case "--budget":
                    budget = budget with { StatesMax = Number(option, Value()) };
                    break;
                case "--expect":
                    expect = Value();
                    break;
                case "--picture":
                    picture = Value();
                    break;
                default:
                    files.Add(option.StartsWith("--", StringComparison.Ordinal) ? throw new ArgumentException($"{option} is not known.") : option);
                    break;
            }
        }

        return new CommandLine
        {
            Model = model ?? throw new ArgumentException("--model register or --model kv is missing."),
            Files = files.Count > 0 ? files : throw new ArgumentException("Which files?"),
            Budget = budget,
            Expect = expect,
            Picture = picture,
        };
    }

    private static RegisterModel ModelNamed(string name) => name switch
    {
        "register" => RegisterModel.Register,
        "kv" => RegisterModel.KeyValue,
        _ => throw new ArgumentException($"There is no model {name}; there are register and kv."),
    };

    private static long Number(string option, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : throw new ArgumentException($"{option} {text} is no number from 1.");
}
