namespace ReplicatedState.Generators.Tests.Sources;

/// <summary>Machines as text, for runs of the generator by hand.</summary>
internal static class SourceTexts
{
    /// <summary>The smallest machine of a useful kind.</summary>
    public const string Counter = """
        using ReplicatedState;

        namespace Demo;

        [ReplicatedStateMachine("counter")]
        public sealed partial class Counter
        {
            [State] private long _value;

            [Command] public long Add(long amount = 1) => _value += amount;

            [Query] public long Value() => _value;
        }
        """;

    /// <summary>Queries that give sequences, with names that emitted code would like to have.</summary>
    public const string Archive = """
        using System.Collections.Generic;
        using System.Linq;
        using ReplicatedState;

        namespace Demo;

        public sealed record Document(string Title, int Pages);

        [ReplicatedStateMachine("archive")]
        public sealed partial class Archive
        {
            [State] private readonly List<Document> _documents = [];

            [Command] public void Add(Document document) => _documents.Add(document);

            /// <summary>The documents from a place on.</summary>
            [Query(Consistency = ConsistencyLevel.Local)]
            public async IAsyncEnumerable<Document> All(int from = 0)
            {
                foreach (Document document in _documents.Skip(from))
                    yield return document;
            }

            [Query]
            public IAsyncEnumerable<string?>? Titles(string reader, string request, string writer, string items, string pages, params string[] item) => null;

            [Query(Name = "longer")]
            public IAsyncEnumerable<int> All() => _documents.Select(static document => document.Pages).ToAsyncEnumerable();

            [Query]
            public int Count() => _documents.Count;
        }
        """;

    /// <summary>Every artefact, and every kind of codec once.</summary>
    public const string Library = """
        using System;
        using System.Collections.Generic;
        using MessagePack;
        using ReplicatedState;

        namespace Demo.Lending;

        [ReplicatedStateMachine("library", Version = 4)]
        [Emits<Book>(Name = "Arrived")]
        [Emits<Loan>(Name = "Lent", Id = 3, Since = 4)]
        public sealed partial class Library
        {
            [State(1)] private readonly SortedDictionary<string, Book> _books = new(StringComparer.Ordinal);
            [State(2, Since = 2)] private readonly HashSet<Guid> _members = [];
            [State(3)] private Shelf? _root;
            [State] public (int Lent, DateTimeOffset? Last) Statistics { get; private set; }
            [State(Name = "waiting")] private readonly Queue<Waiting> _queue = [];
            [Transient] private int _seen;

            [Command(Id = 7)]
            public Loan? Lend(string title, Guid member, CommandContext context, int days = 14)
            {
                if (!_books.TryGetValue(title, out Book? book) || !_members.Contains(member))
                    return null;
                Statistics = (Statistics.Lent + 1, context.Now);
                return new Loan(book, context.Now.AddDays(days));
            }

            [Command]
            public void Add(Book book, params string[] tags) => _books[book.Title] = book with { Tags = [.. tags] };

            [Command(Name = "AddAll", Since = 3)]
            public int Add(IReadOnlyList<Book> books)
            {
                foreach (Book book in books)
                    _books[book.Title] = book;
                return books.Count;
            }

            [Command]
            internal void Arrange(Shelf root) => _root = root;

            [Command]
            internal void Wait(string title) => _queue.Enqueue(new Waiting(title, ++_seen));

            [Query]
            public Dictionary<Genre, int> CountByGenre(Genre? only = null) => [];

            [Query(Consistency = ConsistencyLevel.Local)]
            public Loan? Find(string @class) => null;

            [Query(Consistency = ConsistencyLevel.BoundedStaleness, MaxStalenessMs = 5_000)]
            public int Count() => _books.Count;

            [Query(Consistency = ConsistencyLevel.Session)]
            public int Seen() => _seen;

            private readonly record struct Waiting(string Title, int Position);
        }

        public enum Genre : byte { Prose, Poetry }

        public sealed record Book(string Title, Genre Genre = Genre.Prose)
        {
            public IReadOnlyList<string> Tags { get; init; } = [];
        }

        public record Loan(Book Book, DateTimeOffset Until);

        /// <summary>Contains itself.</summary>
        [MessagePackObject]
        public sealed class Shelf
        {
            [Key(0)] public string Label { get; set; } = "";
            [Key(2)] public Shelf[] Parts { get; set; } = [];
        }
        """;
}
