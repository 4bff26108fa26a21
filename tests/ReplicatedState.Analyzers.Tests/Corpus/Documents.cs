/// <summary>Versioned texts, compared by the hash of their content.</summary>
[ReplicatedStateMachine("documents")]
public sealed partial class Documents
{
    [State] private readonly Dictionary<string, List<Revision>> _documents = [];

    [Command]
    public string Save(string name, string text)
    {
        // PLANT RSM1018: string normal = text.Replace("\n", Environment.NewLine);
        string normal = text.Replace("\r\n", "\n");
        string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(normal)));
        if (!_documents.TryGetValue(name, out List<Revision>? versions))
            _documents.Add(name, versions = []);
        if (versions.Count == 0 || versions[^1].Hash != hash)
            versions.Add(new Revision(versions.Count + 1, hash, normal));
        return hash;
    }

    [Query]
    public string? Read(string name) => _documents.TryGetValue(name, out List<Revision>? versions) ? versions[^1].Text : null;
}

public sealed record Revision(int Number, string Hash, string Text);
