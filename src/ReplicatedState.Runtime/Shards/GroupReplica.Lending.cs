using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Reads;

namespace ReplicatedState.Runtime.Shards;

// The machine has one owner at a time. Whatever may take long is done by the group's apply worker, to which the shard lends the machine with one task; it comes back by mail when the
// task is done. Until then the group takes part in everything but applying.
internal sealed partial class GroupReplica
{
    private const long WorkerIdleMsMax = 10_000;
    private readonly ApplyBatch _slowBatch;
    private ApplyPace _pace;
    private ApplyWorker? _worker;
    private MachineTask? _lent;
    private long _workerUsedAtMs;
    private long _handOvers;

    /// <summary>The worker is done with a task.</summary>
    public void OnTaskDone(MachineTask task)
    {
        _workerUsedAtMs = _core.Clock.MonotonicMs;
        if (task is SnapshotRestore restored)
        {
            Invariant.Holds(_install is not null, "only what is installed is restored");
            _install!.Restored = restored;
        }
        else
        {
            Invariant.Holds(ReferenceEquals(task, _lent), "the machine comes back with the task that it was lent for");
            _lent = null;
            _machine.TakeBack();
            if (task is ApplyBatch batch)
                OnBatchDone(batch);
            else if (task is StateCapture capture)
                OnCaptured(capture);
            else if (task is MigrationTrial trial)
                OnTried(trial);
            else
                OnStateHashed(((StateHashing)task).Hash);
        }

        FinishInstall();
    }

    /// <summary>The node has stopped and no thread but this one is left: gives the worker up, and what it had not done.</summary>
    public void CloseWorker(string why)
    {
        _worker?.Stop();
        _worker = null;
        _lent?.Abandon(why);
        _lent = null;
        _slowBatch.Abandon(why); // it may have been filled and, because the log couldn't be read, never lent
    }

    /// <summary>Has the worker apply what is committed next and answer what may be answered. Nothing is done where there is nothing to do.</summary>
    private void LendBatch()
    {
        while (_reads.TakeReady(_machine.Applied) is { } batch)
            _slowBatch.Reads.Add(batch);
        if (HasMoreToApply)
            _slowBatch.Load(_log, _machine.Applied + 1, _applyThrough, wantsReplies: _waiters.Count > 0);
        if (!_slowBatch.HasWork)
            return;
        _handOvers++;
        _slowBatch.Machine = _machine.Lend();
        GiveWithMachine(_slowBatch);
    }

    private void OnBatchDone(ApplyBatch batch)
    {
        _pace.Count(batch.AppliedCount + batch.AnsweredCount, batch.LongestUs, _node.Clock.MonotonicUs);
        batch.Report(_waiters);
        foreach (HeldAnswer held in batch.Held)
        {
            if (!TryRelease(held.Query, held.Read, batch.ReplyOf(held), held.Rest))
                _reads.Add(held.Query, ReadMode.Linearizable);
        }

        _bytesSinceSnapshot += batch.AppliedBytes;
        OnApplied(batch.AppliedCommand);
        _ordersStateHash = batch.OrdersStateHash;
        foreach (ReadBatch answered in batch.Reads)
            _reads.Recycle(answered);
        batch.Clear();
    }

    /// <summary>What operators asked for comes before what is committed, or a machine that is always busy would never get to it.</summary>
    private bool TryLendForOperators()
    {
        if (TryLendForStateHash() || TryLendForTrial())
            return true;
        if (_captureWanted && TryBeginCapture())
            return true;
        if (_inspections.Count == 0)
            return false;
        if (!_machine.IsFilled || _machine.HaltReason is not null)
        {
            AnswerInspections(stateHash: null);
            return false;
        }

        GiveWithMachine(new StateHashing(_machine.Lend()));
        return true;
    }

    /// <summary>Gives a task to the worker with the machine that it has just been made for.</summary>
    private void GiveWithMachine(MachineTask task)
    {
        _lent = task;
        GiveToWorker(task);
    }

    private void GiveToWorker(MachineTask task)
    {
        _worker ??= new ApplyWorker(_node, this);
        _worker.Post(task);
    }

    /// <summary>A thread for every group that once needed one would be too many.</summary>
    private void LetIdleWorkerGo(long nowMs)
    {
        if (_worker is not { } idle || _lent is not null || _install is not null || nowMs - _workerUsedAtMs < WorkerIdleMsMax)
            return;
        _worker = null;
        idle.Stop();
    }
}
