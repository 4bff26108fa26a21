/// <summary>Books that are lent, and who waits for them.</summary>
[ReplicatedStateMachine("library")]
public sealed partial class Library
{
    [State] private readonly Dictionary<string, Book> _books = [];
    [State] private readonly SortedDictionary<string, int> _loans = new(StringComparer.Ordinal);

    [Command]
    public bool Lend(string isbn, string reader)
    {
        // PLANT RSM1020: if (!_books.TryGetValue(isbn, out Book? book)) { book = new Book(); foreach (string copy in (string[])[isbn, reader]) _books[copy] = book; }
        if (!_books.TryGetValue(isbn, out Book? book)) { _books.Add(isbn, book = new Book()); }
        if (book.Reader is not null)
        {
            book.Waiting.Enqueue(reader);
            return false;
        }

        book.Reader = reader;
        _loans[reader] = _loans.GetValueOrDefault(reader) + 1;
        return true;
    }

    [Command]
    public string? Return(string isbn)
    {
        if (!_books.TryGetValue(isbn, out Book? book) || book.Reader is null)
            throw new CommandRejectedException("not_lent", $"{isbn} is not lent.");
        _loans[book.Reader]--;
        book.Reader = book.Waiting.TryDequeue(out string? next) ? next : null;
        if (book.Reader is not null)
            _loans[book.Reader] = _loans.GetValueOrDefault(book.Reader) + 1;
        return book.Reader;
    }

    [Query]
    public int Loans(string reader) => _loans.GetValueOrDefault(reader);

    [Query]
    // PLANT RSM2001: public int Waiting(string isbn) { _books[isbn].Waiting.Clear(); return 0; }
    public int Waiting(string isbn) { return _books[isbn].Waiting.Count; }
}

public sealed class Book
{
    public string? Reader { get; set; }

    public Queue<string> Waiting { get; set; } = new();
}
