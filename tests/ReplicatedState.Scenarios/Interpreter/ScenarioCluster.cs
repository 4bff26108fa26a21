using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>The nodes of a scenario and everything on its way between them. Nothing moves unless the script says so.</summary>
internal sealed class ScenarioCluster(TranscriptWriter transcript)
{
    private readonly List<ScenarioNode> _nodes = [];
    private readonly List<Envelope> _network = [];

    public IReadOnlyList<ScenarioNode> Nodes => _nodes;

    /// <exception cref="InvalidOperationException">There is no such node.</exception>
    public ScenarioNode this[ulong id] =>
        id >= 1 && id <= (ulong)_nodes.Count ? _nodes[(int)id - 1] : throw new InvalidOperationException($"there is no node {id}");

    public void AddNodes(ulong count, NodeSettings settings)
    {
        for (ulong i = 0; i < count; i++)
            _nodes.Add(new ScenarioNode((ulong)_nodes.Count + 1, settings));
    }

    public void ProcessReady(ScenarioNode node)
    {
        NodeReady ready = node.TakeReady();
        ready.WriteTo(transcript);
        _network.AddRange(ready.Messages);
    }

    public void ProcessAppendThread(ScenarioNode node)
    {
        if (node.AppendWork.Count == 0)
        {
            transcript.Write(new TextLine("no append work to perform"));
            return;
        }

        IReadOnlyList<Envelope> responses = node.RunAppendJob(out ScriptMessage work);
        WriteJob(work, responses);
        _network.AddRange(responses);
    }

    public void ProcessApplyThread(ScenarioNode node)
    {
        if (node.ApplyWork.Count == 0)
        {
            transcript.Write(new TextLine("no apply work to perform"));
            return;
        }

        Envelope response = node.RunApplyJob(out ScriptMessage work);
        WriteJob(work, [response]);
        _network.Add(response);
    }

    /// <summary>Delivers or drops what is on its way to a node; of one type where <paramref name="type"/> names it. Returns how many.</summary>
    public int Deliver(ulong to, string? type, bool drop)
    {
        List<Envelope> chosen = [.. _network.Where(e => e.To == to && (type is null || e.Shown.Type == type) && !(drop && e.IsLocal))];
        _network.RemoveAll(chosen.Contains);
        foreach (Envelope envelope in chosen)
        {
            transcript.Write(new MessageLine(envelope.Shown, drop));
            if (!drop)
                envelope.Arrive(this[to]);
        }

        return chosen.Count;
    }

    public void SendSnapshot(ScenarioNode from, ScenarioNode to)
    {
        Envelope envelope = from.SnapshotFor(to.Id, from.Core.Status.HardState.Term);
        transcript.Write(new MessageLine(envelope.Shown));
        _network.Add(envelope);
    }

    /// <summary>Lets nodes work and hear from each other until nothing is left to do.</summary>
    public void Stabilize(IReadOnlyList<ScenarioNode> nodes)
    {
        const int RoundsMax = 10_000;
        for (int round = 0; round < RoundsMax; round++)
        {
            bool worked = false;
            foreach (ScenarioNode node in nodes.Where(n => n.HasReady))
                worked |= Turn(node, ActivityLine.Ready, () => ProcessReady(node));
            foreach (ScenarioNode node in nodes.Where(n => _network.Exists(e => e.To == n.Id.Value)))
                worked |= Turn(node, ActivityLine.Receiving, () => Deliver(node.Id.Value, type: null, drop: false));
            foreach (ScenarioNode node in nodes.Where(n => n.AppendWork.Count > 0))
                worked |= Turn(node, ActivityLine.AppendThread, () => Drain(node.AppendWork, () => ProcessAppendThread(node)));
            foreach (ScenarioNode node in nodes.Where(n => n.ApplyWork.Count > 0))
                worked |= Turn(node, ActivityLine.ApplyThread, () => Drain(node.ApplyWork, () => ProcessApplyThread(node)));
            if (!worked)
                return;
        }

        throw new InvariantViolationException($"the cluster comes to rest within {RoundsMax} rounds");
    }

    public bool Turn(ScenarioNode node, string activity, Action work)
    {
        transcript.Write(new ActivityLine(node.Id.Value, activity));
        work();
        return true;
    }

    private static void Drain<T>(Queue<T> work, Action runNext)
    {
        while (work.Count > 0)
            runNext();
    }

    private void WriteJob(ScriptMessage work, IReadOnlyList<Envelope> responses)
    {
        transcript.Write(new SectionLine(SectionLine.Processing));
        transcript.Write(new MessageLine(work));
        transcript.Write(new SectionLine(SectionLine.Responses));
        foreach (Envelope response in responses)
            transcript.Write(new MessageLine(response.Shown));
    }
}
