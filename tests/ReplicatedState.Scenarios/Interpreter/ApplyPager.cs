using System.Numerics;
using ReplicatedState.Consensus;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>
/// Hands committed entries out in pages, as <c>max-committed-size-per-ready</c> asks. Our core leaves paging to its executor; this one imitates the
/// reference engine's, sizes included.
/// </summary>
internal sealed class ApplyPager(ulong bytesMax)
{
    private ulong _bytesUnderWay;
    private bool _paused;

    /// <summary>Everything up to here is committed and durable: the core has handed it out.</summary>
    public ulong Through { get; private set; }

    /// <summary>Everything up to here is being applied.</summary>
    public ulong Taken { get; private set; }

    /// <summary>A page is waiting.</summary>
    public bool HasPage => !_paused && Taken < Through;

    public void StartAt(ulong index)
    {
        Through = Taken = index;
        _bytesUnderWay = 0;
        _paused = false;
    }

    public void HandOut(ulong through) => Through = Math.Max(Through, through);

    /// <summary>How far the next page goes, at most to <paramref name="limit"/>.</summary>
    public ulong TakePage(ILogReader log, ulong limit, out ulong bytes)
    {
        bytes = 0;
        limit = Math.Min(limit, Through);
        if (_paused || Taken >= limit)
            return Taken;
        ulong room = bytesMax - Math.Min(bytesMax, _bytesUnderWay);
        ulong first = Taken + 1;
        var one = new Entry[1];
        while (Taken < limit && log.Read(Taken + 1, one, long.MaxValue) == 1)
        {
            ulong size = EncodedSize(one[0]);
            if (Taken >= first && size > room - Math.Min(room, bytes))
                break;
            bytes += size;
            Taken++;
        }

        _bytesUnderWay += bytes;
        _paused = _bytesUnderWay >= bytesMax || Taken < limit;
        return Taken;
    }

    public void Applied(ulong bytes)
    {
        _bytesUnderWay -= Math.Min(bytes, _bytesUnderWay);
        _paused = _bytesUnderWay >= bytesMax;
    }

    /// <summary>The size of the entry in the reference engine's encoding: three tagged numbers and, where there is one, a counted payload.</summary>
    private static ulong EncodedSize(in Entry entry)
    {
        ulong size = 2 + 1 + VarintLength(entry.Term) + 1 + VarintLength(entry.Index);
        return entry.Kind == EntryKind.NoOp ? size : size + 1 + VarintLength((ulong)entry.Payload.Length) + (ulong)entry.Payload.Length;
    }

    private static ulong VarintLength(ulong value) => (ulong)(BitOperations.Log2(value | 1) / 7) + 1;
}
