using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>The progress of every member, sorted by id so that messages leave in the same order on every run.</summary>
internal sealed class ProgressTable(CoreConfig config)
{
    private readonly List<Progress> _members = [];

    public int Count => _members.Count;

    public Progress this[int position] => _members[position];

    public Progress? Find(RaftId id)
    {
        // Groups have a handful of members: a scan beats a hash.
        foreach (Progress member in _members)
        {
            if (member.Id == id)
                return member;
        }

        return null;
    }

    /// <summary>Keeps these members, drops the others, and starts new ones at <paramref name="next"/>.</summary>
    public void SetMembers(ImmutableArray<RaftId> members, ulong next)
    {
        _members.RemoveAll(member => !members.Contains(member.Id));
        foreach (RaftId id in members)
        {
            if (Find(id) is not null)
                continue;
            var member = new Progress(id, config);
            member.Reset(next, 0);
            member.RecentlyActive = true; // it has not had the time to be heard from
            _members.Add(member);
        }

        _members.Sort((a, b) => a.Id.CompareTo(b.Id));
    }
}
