// One machine in the two versions of its source that a project would have had one after the other.

namespace ReplicatedState.Testing.Tests.Machines.First
{
    /// <summary>Cents in wallets; their sum never changes.</summary>
    [ReplicatedStateMachine("wallets", Version = 1)]
    public sealed partial class Wallets
    {
        [State] private readonly SortedDictionary<string, int> _cents = new(StringComparer.Ordinal) { ["a"] = 50_000, ["b"] = 30_000, ["c"] = 20_000 };
        [State] private long _payments;

        public long TotalCents => _cents.Values.Sum(static cents => (long)cents);

        [Command]
        public long Pay(string from, string to, int cents)
        {
            if (_cents[from] < cents)
                throw new CommandRejectedException("too_little", $"{from} holds {_cents[from]} cents.");
            _cents[from] -= cents;
            _cents[to] += cents;
            return ++_payments;
        }

        /// <summary>Pays by a timer, which may fire under the next version.</summary>
        [Command]
        public void PayLater(string from, string to, int cents, CommandContext context) => context.Schedule(TimeSpan.FromSeconds(2), WalletsCommands.Pay(from, to, cents));

        [Query]
        public long CentsIn(string wallet) => _cents[wallet];

        [Query]
        public async IAsyncEnumerable<string> All()
        {
            foreach ((string wallet, int cents) in _cents)
                yield return $"{wallet} {cents}";
        }
    }
}

namespace ReplicatedState.Testing.Tests.Machines.Second
{
    /// <summary>Wallets can be frozen, payments have notes, and amounts are decimals.</summary>
    [ReplicatedStateMachine("wallets", Version = 2)]
    public sealed partial class Wallets
    {
        [State(Until = 2)] private readonly SortedDictionary<string, int> _cents = new(StringComparer.Ordinal) { ["a"] = 50_000, ["b"] = 30_000, ["c"] = 20_000 };
        [State] private long _payments;
        [State(Since = 2)] private readonly SortedDictionary<string, Wallet> _wallets = new(StringComparer.Ordinal);
        [State(Since = 2)] private readonly List<string> _notes = [];
        [State(Since = 2)] private Migration? _migrated;

        public long TotalCents => _migrated is null ? _cents.Values.Sum(static cents => (long)cents) : (long)(_wallets.Values.Sum(static wallet => wallet.Amount) * 100);

        public bool IsOfOneVersion => _migrated is null ? _wallets.Count == 0 && _notes.Count == 0 : _wallets.Count == 3 && _migrated.Payments <= _payments && _migrated.TotalCents == 100_000;

        [Command]
        public long Pay(string from, string to, int cents, CommandContext context, [Since(2)] string? note = null)
        {
            if (context.MachineVersion < 2)
            {
                if (_cents[from] < cents)
                    throw new CommandRejectedException("too_little", $"{from} holds {_cents[from]} cents.");
                _cents[from] -= cents;
                _cents[to] += cents;
                return ++_payments;
            }

            Wallet source = _wallets[from];
            if (source.IsFrozen)
                throw new CommandRejectedException("frozen", $"{from} is frozen.");
            if (source.Amount * 100 < cents)
                throw new CommandRejectedException("too_little", $"{from} holds {(long)(source.Amount * 100)} cents.");
            _wallets[from] = source with { Amount = source.Amount - (cents / 100m) };
            Wallet target = _wallets[to];
            _wallets[to] = target with { Amount = target.Amount + (cents / 100m) };
            if (note is not null)
                _notes.Add(note);
            return ++_payments;
        }

        [Command]
        public void PayLater(string from, string to, int cents, CommandContext context) => context.Schedule(TimeSpan.FromSeconds(2), WalletsCommands.Pay(from, to, cents));

        [Command(Since = 2)]
        public bool Freeze(string wallet, bool isFrozen)
        {
            bool before = _wallets[wallet].IsFrozen;
            _wallets[wallet] = _wallets[wallet] with { IsFrozen = isFrozen };
            return before;
        }

        [Query]
        public long CentsIn(string wallet) => _migrated is null ? _cents[wallet] : (long)(_wallets[wallet].Amount * 100);

        [Query]
        public async IAsyncEnumerable<string> All()
        {
            foreach (string wallet in _cents.Keys)
                yield return $"{wallet} {CentsIn(wallet)}";
        }

        [Query(Since = 2)]
        public int Notes() => _notes.Count;

        [Migrate(1, 2)]
        private void ToAmounts(CommandContext context)
        {
            foreach ((string wallet, int cents) in _cents)
                _wallets.Add(wallet, new Wallet(cents / 100m, IsFrozen: false));
            _migrated = new Migration(context.Now, context.NewGuid(), _payments, _cents.Values.Sum(static cents => (long)cents));
        }
    }

    public sealed record Wallet(decimal Amount, bool IsFrozen);

    /// <summary>When the wallets were migrated, and what was there.</summary>
    public sealed record Migration(DateTimeOffset At, Guid By, long Payments, long TotalCents);
}
