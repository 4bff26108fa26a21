/// <summary>Short names for long addresses.</summary>
[ReplicatedStateMachine("urls")]
public sealed partial class UrlShortener
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    [State] private readonly Dictionary<string, string> _targets = [];

    [Command]
    public string Shorten(string target, CommandContext context)
    {
        string name;
        do
        {
            // PLANT RSM1002: name = Make(Random.Shared);
            name = Make(context.Random);
        }
        while (_targets.ContainsKey(name));
        _targets.Add(name, target);
        return name;
    }

    [Query]
    public string? Resolve(string name) => _targets.GetValueOrDefault(name);

    private static string Make(Random random)
    {
        Span<char> name = stackalloc char[7];
        for (int i = 0; i < name.Length; i++)
            name[i] = Alphabet[random.Next(Alphabet.Length)];
        return new string(name);
    }
}
