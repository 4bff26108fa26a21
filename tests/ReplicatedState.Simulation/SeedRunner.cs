using ReplicatedState.Testing;

namespace ReplicatedState.Simulation;

/// <summary>Runs seeds on several threads and hands their results on in the order of the seeds, so that the output is the same on any number of threads.</summary>
internal sealed class SeedRunner(ulong first, int count, int threads, Func<ulong, SimulationResult> run)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, SimulationResult> _waiting = [];
    private int _next = -1;

    /// <summary>Runs them all; <paramref name="onResult"/> is called by one thread at a time.</summary>
    public void RunAll(Action<SimulationResult> onResult) => RunUntil(result =>
    {
        onResult(result);
        return false;
    });

    /// <summary>Runs them until <paramref name="isEnough"/>, which is called by one thread at a time, says so of a result; it sees none after that.</summary>
    public void RunUntil(Func<SimulationResult, bool> isEnough)
    {
        int handedOn = 0;
        bool enough = false;
        Exception? failure = null;
        var workers = new Thread[Math.Min(threads, Math.Max(count, 1))];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { Name = $"seeds {i}" };
            workers[i].Start();
        }

        foreach (Thread worker in workers)
            worker.Join();
        if (failure is not null)
            throw new InvalidOperationException($"the simulator itself failed: {failure}", failure);

        void Work()
        {
            while (Interlocked.Increment(ref _next) is var at && at < count && failure is null && !Volatile.Read(ref enough))
            {
                try
                {
                    Hand(at, run(first + (ulong)at));
                }
                catch (Exception e)
                {
                    failure = e;
                }
            }
        }

        void Hand(int at, SimulationResult result)
        {
            lock (_lock)
            {
                _waiting.Add(at, result);
                while (!enough && _waiting.Remove(handedOn, out SimulationResult? next))
                {
                    handedOn++;
                    Volatile.Write(ref enough, isEnough(next));
                }
            }
        }
    }
}
