namespace ReplicatedState.Integration.Pages;

/// <summary>A row and its mark.</summary>
public sealed record Row(int Number, long Mark, string Text);

/// <summary>A table in which every command changes every row: whoever reads rows of two marks has read two states.</summary>
[ReplicatedStateMachine("table")]
public sealed partial class Table
{
    [State] private readonly List<string> _texts = [];
    [State] private long _mark;

    [Command]
    public void Fill(int count, int letters)
    {
        _texts.Clear();
        for (int i = 0; i < count; i++)
            _texts.Add(new string((char)('a' + (i % 26)), letters));
    }

    [Command]
    public long Mark() => ++_mark;

    [Query]
    public async IAsyncEnumerable<Row> Rows()
    {
        for (int i = 0; i < _texts.Count; i++)
            yield return new Row(i, _mark, _texts[i]);
    }

    [Query]
    public long Marked() => _mark;
}
