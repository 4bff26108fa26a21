/// <summary>Support tickets with a history of their states.</summary>
[ReplicatedStateMachine("tickets")]
public sealed partial class Tickets
{
    [State] private readonly SortedDictionary<int, Ticket> _tickets = [];
    [State] private int _lastMoved;
    [Transient] private Action<int>? _moved;

    /// <summary>For a test that wants to know of every move that it makes itself.</summary>
    public void Watch(Action<int> moved) => _moved = moved;

    [Command]
    public int Open(string text, CommandContext context)
    {
        int number = _tickets.Count + 1;
        _tickets.Add(number, new Ticket(text, TicketState.Open, [new Change(TicketState.Open, context.Caller, context.Now)]));
        return number;
    }

    [Command]
    public void Move(int number, TicketState state, CommandContext context)
    {
        if (!_tickets.TryGetValue(number, out Ticket? ticket))
            throw new CommandRejectedException("unknown", $"There is no ticket {number}.");
        if (ticket.State == TicketState.Closed)
            throw new CommandRejectedException("closed", $"Ticket {number} is closed.");
        // PLANT RSM1014: string by = System.Security.Claims.ClaimsPrincipal.Current?.Identity?.Name ?? "";
        string by = context.Caller;
        // PLANT RSM2005: _moved?.Invoke(number);
        _lastMoved = number;
        _tickets[number] = ticket with { State = state, History = [.. ticket.History, new Change(state, by, context.Now)] };
    }

    [Query]
    public int LastMoved() { _moved?.Invoke(_lastMoved); return _lastMoved; }

    [Query]
    public int Count(TicketState state) => _tickets.Values.Count(ticket => ticket.State == state);
}

public enum TicketState { Open, Waiting, Closed }

public sealed record Change(TicketState State, string By, DateTimeOffset At);

public sealed record Ticket(string Text, TicketState State, List<Change> History);
