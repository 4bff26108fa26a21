/// <summary>Documents that go through steps, each of which someone must approve.</summary>
[ReplicatedStateMachine("workflow")]
public sealed partial class Workflow
{
    private static readonly string[] Steps = ["draft", "review", "legal", "done"];

    [State] private readonly Dictionary<Guid, Document> _documents = [];

    [Command]
    public Guid Start(string title, CommandContext context)
    {
        Guid id = context.NewGuid();
        _documents.Add(id, new Document(title, 0, []));
        return id;
    }

    [Command]
    public string Approve(Guid id, string by)
    {
        if (!_documents.TryGetValue(id, out Document? document))
            throw new CommandRejectedException("unknown", $"There is no document {id}.");
        if (document.Approvals.Contains(by))
            throw new CommandRejectedException("twice", $"{by} has approved it already.");
        int step = Math.Min(document.Step + 1, Steps.Length - 1);
        // PLANT RSM1006: Steps[0] = by;
        string reached = Steps[step];
        _documents[id] = document with { Step = step, Approvals = [.. document.Approvals, by] };
        return Steps[step];
    }

    [Query]
    public string Step(Guid id) => Steps[_documents[id].Step];
}

public sealed record Document(string Title, int Step, List<string> Approvals);
