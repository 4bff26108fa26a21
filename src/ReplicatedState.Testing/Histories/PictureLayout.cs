using System.Globalization;

namespace ReplicatedState.Testing.Histories;

/// <summary>Where the operations around a failure stand in a picture: clients as rows, operations as bars, moments as columns that are as wide as their labels need.</summary>
internal sealed class PictureLayout<TInput, TOutput>
{
    public PictureLayout(
        Operation<TInput, TOutput> misfit,
        List<Operation<TInput, TOutput>> prefix,
        List<Operation<TInput, TOutput>> unplaced,
        List<Operation<TInput, TOutput>> unknown,
        OperationNames<TInput, TOutput> names,
        int barsMax)
    {
        var shown = new HashSet<Operation<TInput, TOutput>>(unplaced.Take(barsMax / 2), ReferenceEqualityComparer.Instance);
        shown.UnionWith(prefix.TakeLast(barsMax - shown.Count));
        shown.UnionWith(Enumerable.Reverse(unknown).Take(barsMax / 3));
        var order = new Dictionary<Operation<TInput, TOutput>, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < prefix.Count; i++)
            order.Add(prefix[i], i + 1);
        Hidden = prefix.Count + unplaced.Count + unknown.Count(u => !order.ContainsKey(u)) - shown.Count;
        foreach (Operation<TInput, TOutput> operation in shown.OrderBy(o => o.Client).ThenBy(o => o.Call))
        {
            int? number = order.TryGetValue(operation, out int found) ? found : null;
            string label = names.Call(operation);
            Bars.Add(new PictureBar
            {
                Client = operation.Client,
                Call = operation.Call,
                Return = operation.Status == OperationStatus.Ok ? operation.Return!.Value : null,
                Label = number is null ? label : string.Create(CultureInfo.InvariantCulture, $"{number} {label}"),
                Order = number,
                IsMisfit = ReferenceEquals(operation, misfit),
            });
        }

        AssignColumns();
        AssignRows();
        AssignPoints();
    }

    public List<PictureBar> Bars { get; } = [];

    /// <summary>Operations that are not shown.</summary>
    public int Hidden { get; }

    /// <summary>Columns of a character's width.</summary>
    public int Width { get; private set; }

    /// <summary>Rows, and the client of each; null where a row continues the one above.</summary>
    public List<long?> Rows { get; } = [];

    private void AssignColumns()
    {
        long[] moments = [.. Bars.Select(b => b.Call).Concat(Bars.Where(b => b.Return is not null).Select(b => b.Return!.Value)).Distinct().Order()];
        var columnOf = new Dictionary<long, int>();
        int next = 0;
        foreach (long moment in moments)
        {
            int column = next;
            foreach (PictureBar bar in Bars.Where(b => b.Return == moment && b.Call < moment))
                column = Math.Max(column, columnOf[bar.Call] + bar.Label.Length + 4);
            columnOf.Add(moment, column);
            next = column + 1;
        }

        foreach (PictureBar bar in Bars)
        {
            bar.Left = columnOf[bar.Call];
            bar.Right = bar.Return is { } end ? Math.Max(columnOf[end], bar.Left + bar.Label.Length + 4) : 0;
        }

        int end0 = Bars.Max(b => b.Return is null ? b.Left + b.Label.Length + 6 : b.Right);
        foreach (PictureBar bar in Bars.Where(b => b.Return is null))
            bar.Right = end0;
        Width = end0 + 1;
    }

    private void AssignRows()
    {
        foreach (IGrouping<long, PictureBar> client in Bars.GroupBy(b => b.Client))
        {
            int first = Rows.Count;
            var ends = new List<int>();
            foreach (PictureBar bar in client.OrderBy(b => b.Left))
            {
                int lane = ends.FindIndex(e => e < bar.Left);
                if (lane < 0)
                {
                    lane = ends.Count;
                    ends.Add(0);
                    Rows.Add(lane == 0 ? client.Key : null);
                }

                ends[lane] = bar.Right;
                bar.Row = first + lane;
            }
        }
    }

    /// <summary>A moment within each placed bar, such that the moments are in the order that was found.</summary>
    private void AssignPoints()
    {
        double at = 0;
        foreach (PictureBar bar in Bars.Where(b => b.Order is not null).OrderBy(b => b.Order))
        {
            at = Math.Max(at + 0.25, bar.Left + 0.5);
            bar.Point = at;
        }
    }
}
