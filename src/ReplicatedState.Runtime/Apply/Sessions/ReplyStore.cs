using System.Buffers.Binary;
using System.Numerics;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>Where kept replies lie: pages cut into slots of a power of two, so that keeping and dropping a reply costs the garbage collector nothing.</summary>
/// <remarks>
/// Thousands of clients keep and drop replies in no common order, which rules out one ring for all, and a ring for each session would hold memory for
/// its worst moment. How a page is filled has no influence on what replicas agree on. One thread at a time.
/// </remarks>
internal sealed class ReplyStore
{
    private const int SlotSizeMin = 16;
    private const int PageSizeMax = 64 * 1024;
    private const int SlotsPerPageMax = 256;
    private const int NoSlot = -1;

    private readonly List<Page?> _pages = [];
    private readonly Stack<int> _freeNumbers = new();

    /// <summary>By size class: the numbers of the pages that have a free slot. A page knows its place here, so that leaving takes one step.</summary>
    private readonly List<int>?[] _withRoom = new List<int>?[32];

    /// <summary>Pages that hold or may hold replies.</summary>
    public int PageCount => _pages.Count - _freeNumbers.Count;

    /// <summary>Keeps a copy of two pieces laid end to end.</summary>
    public StoredBytes Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int length = checked(first.Length + second.Length);
        if (length == 0)
            return default;
        int sizeClass = ClassOf(length);
        List<int> withRoom = _withRoom[sizeClass] ??= [];
        int number = withRoom.Count > 0 ? withRoom[^1] : AddPage(sizeClass, withRoom);
        Page page = _pages[number]!;

        int offset = page.TakeSlot();
        if (!page.HasRoom)
            LeaveRoomList(page, withRoom);

        first.CopyTo(page.Bytes.AsSpan(offset));
        second.CopyTo(page.Bytes.AsSpan(offset + first.Length));
        return new StoredBytes(number, offset, length);
    }

    /// <summary>The bytes, valid until they are dropped.</summary>
    public ReadOnlySpan<byte> Get(StoredBytes stored) =>
        stored.IsEmpty ? default : _pages[stored.Page]!.Bytes.AsSpan(stored.Offset, stored.Length);

    /// <summary>Gives the bytes up.</summary>
    public void Drop(StoredBytes stored)
    {
        if (stored.IsEmpty)
            return;
        Page page = _pages[stored.Page]!;
        List<int> withRoom = _withRoom[ClassOf(stored.Length)]!;
        if (!page.HasRoom)
        {
            page.RoomPosition = withRoom.Count;
            withRoom.Add(stored.Page);
        }

        page.ReturnSlot(stored.Offset);

        // One empty page of each size stays for what comes next; the others go back to the garbage collector.
        if (page.Used == 0 && withRoom.Count > 1)
        {
            LeaveRoomList(page, withRoom);
            _pages[stored.Page] = null;
            _freeNumbers.Push(stored.Page);
        }
    }

    private static int ClassOf(int length) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, SlotSizeMin)));

    private int AddPage(int sizeClass, List<int> withRoom)
    {
        if (!_freeNumbers.TryPop(out int number))
        {
            number = _pages.Count;
            _pages.Add(null);
        }

        int slotSize = 1 << sizeClass;
        int slots = Math.Clamp(PageSizeMax / slotSize, 1, SlotsPerPageMax);
        _pages[number] = new Page(slotSize, slots) { RoomPosition = withRoom.Count };
        withRoom.Add(number);
        return number;
    }

    private void LeaveRoomList(Page page, List<int> withRoom)
    {
        int last = withRoom[^1];
        withRoom[page.RoomPosition] = last;
        _pages[last]!.RoomPosition = page.RoomPosition;
        withRoom.RemoveAt(withRoom.Count - 1);
        page.RoomPosition = NoSlot;
    }

    private sealed class Page(int slotSize, int slots)
    {
        private int _firstFree = NoSlot;
        private int _neverUsed;

        public byte[] Bytes { get; } = new byte[slotSize * slots];

        public int Used { get; private set; }

        /// <summary>Where the page stands among those with room; meaningless where it has none.</summary>
        public int RoomPosition { get; set; }

        public bool HasRoom => Used < slots;

        public int TakeSlot()
        {
            Invariant.Holds(HasRoom, "a full page of kept replies gives out no slot");
            Used++;
            if (_firstFree == NoSlot)
                return slotSize * _neverUsed++;

            // Free slots are chained through their own first bytes.
            int offset = _firstFree;
            _firstFree = BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(offset));
            return offset;
        }

        public void ReturnSlot(int offset)
        {
            Invariant.Holds(Used > 0, "a slot of kept replies is returned once");
            BinaryPrimitives.WriteInt32LittleEndian(Bytes.AsSpan(offset), _firstFree);
            _firstFree = offset;
            Used--;
        }
    }
}
