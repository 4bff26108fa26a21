// One machine in the three versions of its source that a project would have had one after the other.

namespace ReplicatedState.Runtime.Tests.Evolution.First
{
    [ReplicatedStateMachine("ledger", Version = 1)]
    public sealed partial class Ledger
    {
        [State] private readonly SortedDictionary<string, int> _cents = new(StringComparer.Ordinal);

        [Command]
        public int Book(string account, int cents) => _cents[account] = _cents.GetValueOrDefault(account) + cents;

        [Command]
        public void Clear() => _cents.Clear();

        [Query]
        public string Describe() => string.Join(' ', _cents);
    }
}

namespace ReplicatedState.Runtime.Tests.Evolution.Second
{
    /// <summary>Amounts instead of cents, notes, and nobody clears a ledger any more.</summary>
    [ReplicatedStateMachine("ledger", Version = 2)]
    public sealed partial class Ledger
    {
        [State(Until = 2)] private SortedDictionary<string, int> _cents = new(StringComparer.Ordinal);
        [State(Since = 2)] private readonly Dictionary<string, decimal> _amounts = [];
        [State(Since = 2)] private readonly List<string> _notes = [];

        [Command]
        public int Book(string account, int cents, CommandContext context, [Since(2)] string? note = null)
        {
            if (context.MachineVersion < 2)
            {
                // Written too early, which must not show: a restored replica wouldn't have it.
                _notes.Add("early");
                return _cents[account] = _cents.GetValueOrDefault(account) + cents;
            }

            if (note is not null)
                _notes.Add(note);
            return (int)((_amounts[account] = _amounts.GetValueOrDefault(account) + (cents / 100m)) * 100);
        }

        [Command(Retired = true)]
        public void Clear(CommandContext context)
        {
            if (context.MachineVersion < 2)
                _cents.Clear();
            else
                _amounts.Clear();
        }

        [Query]
        public string Describe() => $"{string.Join(' ', _cents)} | {string.Join(' ', _amounts)} | {string.Join(' ', _notes)}";

        [Migrate(1, 2)]
        private void ToAmounts()
        {
            foreach ((string account, int cents) in _cents)
            {
                if (account == "unlucky")
                    throw new InvalidOperationException("no such account can be moved");
                _amounts.Add(account, cents / 100m);
            }
        }
    }
}

namespace ReplicatedState.Runtime.Tests.Evolution.Third
{
    /// <summary>Notes have numbers, and the time at which they got them. All earlier versions are still in it.</summary>
    [ReplicatedStateMachine("ledger", Version = 3)]
    public sealed partial class Ledger
    {
        [State(Until = 2)] private SortedDictionary<string, int> _cents = new(StringComparer.Ordinal);
        [State(Since = 2)] private readonly Dictionary<string, decimal> _amounts = [];
        [State(Name = "_notes", Since = 2, Until = 3)] private readonly List<string> _oldNotes = [];
        [State(Since = 3)] private readonly SortedDictionary<int, string> _numbered = [];
        [State(Since = 3)] private Guid _numberedBy;

        [Command]
        public int Book(string account, int cents, CommandContext context, [Since(2)] string? note = null, [Since(3)] int number = 0)
        {
            if (context.MachineVersion < 2)
                return _cents[account] = _cents.GetValueOrDefault(account) + cents;
            if (context.MachineVersion >= 3 && note is not null)
                _numbered[number] = note;
            else if (note is not null)
                _oldNotes.Add(note);
            return (int)((_amounts[account] = _amounts.GetValueOrDefault(account) + (cents / 100m)) * 100);
        }

        [Command(Retired = true)]
        public void Clear(CommandContext context)
        {
            if (context.MachineVersion < 2)
                _cents.Clear();
            else
                _amounts.Clear();
        }

        [Query]
        public string Describe() => $"{string.Join(' ', _cents)} | {string.Join(' ', _amounts)} | {string.Join(' ', _oldNotes)} | {string.Join(' ', _numbered)}";

        [Migrate(1, 2)]
        private void ToAmounts()
        {
            foreach ((string account, int cents) in _cents)
                _amounts.Add(account, cents / 100m);
        }

        [Migrate(2, 3)]
        private void ToNumbers(CommandContext context)
        {
            _numberedBy = context.NewGuid();
            for (int i = 0; i < _oldNotes.Count; i++)
                _numbered.Add(i + 1, _oldNotes[i]);
        }
    }
}

namespace ReplicatedState.Runtime.Tests.Evolution.Careless
{
    /// <summary>Version 1 with its only member renamed, and nothing said about it.</summary>
    [ReplicatedStateMachine("ledger", Version = 1)]
    public sealed partial class Ledger
    {
        [State] private readonly SortedDictionary<string, int> _pennies = new(StringComparer.Ordinal);

        [Command]
        public int Book(string account, int cents) => _pennies[account] = cents;
    }
}

namespace ReplicatedState.Runtime.Tests.Evolution.Careful
{
    /// <summary>Version 1 with its only member renamed, and its data kept.</summary>
    [ReplicatedStateMachine("ledger", Version = 1)]
    public sealed partial class Ledger
    {
        [State(Name = "_cents")] private readonly SortedDictionary<string, int> _pennies = new(StringComparer.Ordinal);

        [Command]
        public int Book(string account, int cents) => _pennies[account] = cents;
    }
}

namespace ReplicatedState.Runtime.Tests.Evolution.Forgetful
{
    /// <summary>Version 1 with its data given up.</summary>
    [ReplicatedStateMachine("ledger", Version = 1)]
    [RetiredState("_cents")]
    public sealed partial class Ledger
    {
        [Command]
        public void Do()
        {
        }
    }
}
