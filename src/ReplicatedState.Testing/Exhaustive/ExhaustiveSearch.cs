using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.Exhaustive;

/// <summary>
/// Tries every order of everything that can happen to a small cluster within bounds, breadth first, so that the first schedule that breaks a promise is a
/// shortest one. States that were seen before, by their hash, are not searched again.
/// </summary>
/// <remarks>
/// The hash has 128 bits: among ten million states two would be mistaken for one with a probability of 10⁻²⁵. A state is reached by playing its schedule again
/// from the beginning, which costs microseconds at these depths; copying cores would need code that knows all of their insides.
/// </remarks>
internal sealed class ExhaustiveSearch(ExhaustiveBounds bounds, CoreMutant mutant)
{
    private readonly StateHasher _hasher = new();
    private readonly HashSet<TraceHash> _seen = [];
    private readonly List<Visited> _visited = [];
    private readonly List<ExhaustiveStep> _schedule = [];
    private readonly List<ExhaustiveStep> _next = [];
    private long _steps;

    /// <summary>Searches.</summary>
    /// <param name="statesMax">How many distinct states it visits at most.</param>
    /// <param name="depthMax">How long a schedule may be.</param>
    /// <param name="onProgress">Hears now and then of the states visited, the steps tried, and the depth.</param>
    public ExhaustiveResult Run(int statesMax = int.MaxValue, int depthMax = int.MaxValue, Action<int, long, int>? onProgress = null)
    {
        _seen.Add(new ExhaustiveWorld(bounds, mutant, _hasher).Hash());
        _visited.Add(default);
        bool isCut = false;
        for (int state = 0; state < _visited.Count; state++)
        {
            if (_visited[state].Depth >= depthMax || _visited.Count >= statesMax)
            {
                isCut = true;
                break;
            }

            if (state % 4096 == 0)
                onProgress?.Invoke(_visited.Count, _steps, _visited[state].Depth);
            if (Expand(state) is { } violation)
                return Result(_visited[state].Depth + 1, false, violation);
        }

        return Result(_visited[^1].Depth, !isCut, null);
    }

    /// <summary>Visits what follows a state; the violation where there is one.</summary>
    private string? Expand(int state)
    {
        ExhaustiveWorld world = Replay(state);
        world.CollectSteps(_next);
        for (int i = 0; i < _next.Count; i++)
        {
            if (i > 0)
                world = Replay(state);
            _steps++;
            if (Violation(world, _next[i]) is { } violation)
            {
                _schedule.Add(_next[i]);
                return violation;
            }

            if (_seen.Add(world.Hash()))
                _visited.Add(new Visited(state, _next[i], _visited[state].Depth + 1));
        }

        return null;
    }

    private ExhaustiveWorld Replay(int state)
    {
        _schedule.Clear();
        for (int at = state; at > 0; at = _visited[at].Parent)
            _schedule.Add(_visited[at].Step);
        _schedule.Reverse();
        var world = new ExhaustiveWorld(bounds, mutant, _hasher);
        foreach (ExhaustiveStep step in _schedule)
            world.Play(step, isReplay: true);
        return world;
    }

    private static string? Violation(ExhaustiveWorld world, ExhaustiveStep step)
    {
        try
        {
            world.Play(step, isReplay: false);
            return null;
        }
        catch (SimulationViolationException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is InvariantViolationException or LogReadException)
        {
            return $"core: {e.Message}";
        }
    }

    private ExhaustiveResult Result(int depth, bool isExhausted, string? violation) =>
        new(bounds, _visited.Count, _steps, depth, isExhausted, violation, violation is null ? [] : InWords());

    private List<string> InWords()
    {
        var world = new ExhaustiveWorld(bounds, mutant, _hasher);
        List<string> words = [];
        foreach (ExhaustiveStep step in _schedule)
        {
            string what = world.Describe(step);
            CoreStatus before = world.Nodes[step.Node].Core!.Status;
            string? violation = Violation(world, step);
            CoreStatus after = world.Nodes[step.Node].Core!.Status;
            words.Add(violation is null ? what + Change(before, after) : $"{what}: {violation}");
        }

        return words;
    }

    private static string Change(in CoreStatus before, in CoreStatus after) =>
        before.Role == after.Role && before.HardState == after.HardState && before.Last == after.Last
            ? ""
            : $" → {after.Role}, term {after.HardState.Term}, log to {after.Last}, commit {after.HardState.Commit}";

    private readonly record struct Visited(int Parent, ExhaustiveStep Step, int Depth);
}
