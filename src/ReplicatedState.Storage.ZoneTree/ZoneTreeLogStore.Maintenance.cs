using System.Runtime.CompilerServices;
using ZoneTree;
using ZoneTree.Core;

namespace ReplicatedState.Storage.ZoneTree;

// Segments are frozen by bytes and merged after compaction, when most of their rows are garbage: a fifth of the work of ZoneTree's own maintainer, and never at a time of its choosing.
public sealed partial class ZoneTreeLogStore
{
    private long _segmentBytes;
    private long _frozenBytes;
    private long _mergingBytes;
    private bool _compactedSinceMerge;
    private Thread? _merge;
    private MergeResult _mergeResult;

    /// <inheritdoc/>
    /// <remarks>Never waits for a merge that runs on a thread of its own.</remarks>
    public bool Maintain()
    {
        ThrowIfUnusable();
        bool worked;
        try
        {
            worked = EndMerge() | _files.PrepareSpare();
            if (_segmentBytes >= _options.SegmentBytes)
            {
                Freeze();
                worked = true;
            }

            if (_merge is null && IsMergeDue)
            {
                BeginMerge();
                worked = true;
            }
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }

        ThrowIfUnusable();
        return worked;
    }

    private bool IsMergeDue =>
        _frozenBytes > 0 && (_compactedSinceMerge || _frozenBytes >= _options.FrozenBytesMax) && _unpublished.Count == 0;

    /// <summary>Begins a new writable segment. ZoneTree prepares the one after it on a pool thread, with syncs; waiting for that keeps the store without work of its own between calls.</summary>
    private void Freeze()
    {
        _tree.Maintenance.MoveMutableSegmentForward();
        Internals<long, byte[]>.WaitForNextMutableSegment((ZoneTree<long, byte[]>)_tree);
        _failure.ThrowIfFailed();
        _frozenBytes += _segmentBytes;
        _segmentBytes = 0;
    }

    private void BeginMerge()
    {
        _compactedSinceMerge = false;
        _mergingBytes = _frozenBytes;
        _mergeResult = MergeResult.FAILURE;
        _merge = _tree.Maintenance.StartMergeOperation();
        if (!_options.MergeOnOwnThread)
        {
            _merge?.Join();
            EndMerge();
        }
    }

    /// <summary>Merges everything into one segment on disk and waits for it.</summary>
    private void MergeAll()
    {
        try
        {
            if (_segmentBytes > 0)
                Freeze();
            BeginMerge();
            _merge?.Join();
            EndMerge();
        }
        catch (Exception error)
        {
            throw _failure.Record(error);
        }
    }

    private bool EndMerge()
    {
        if (_merge is not { IsAlive: false })
            return false;
        // Not to wait, but to see all that the thread wrote.
        _merge.Join();
        _merge = null;
        _failure.ThrowIfFailed();
        if (_mergeResult is not (MergeResult.SUCCESS or MergeResult.NOTHING_TO_MERGE))
            throw new StorageFailedException($"A merge of the log's segments ended with {_mergeResult}: {_directory}. Check the disk, then restart the node.");
        _frozenBytes -= _mergingBytes;
        // Nobody else frees the blocks that readers pulled into memory.
        _tree.Maintenance.ReleaseReadBuffers(long.MaxValue);
        return true;
    }

    private void OnMergeEnded(IZoneTreeMaintenance<long, byte[]> tree, MergeResult result) => _mergeResult = result;

    /// <summary>The one thing that the store needs of ZoneTree and that is not public. A version without it fails at the first freeze, before anything is lost.</summary>
    private static class Internals<TKey, TValue>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WaitForNextMutableSegment")]
        public static extern void WaitForNextMutableSegment(ZoneTree<TKey, TValue> tree);
    }
}
