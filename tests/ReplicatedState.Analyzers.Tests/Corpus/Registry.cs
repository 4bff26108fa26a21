/// <summary>Services and the addresses at which they are found; those that don't report are forgotten.</summary>
[ReplicatedStateMachine("registry")]
public sealed partial class Registry
{
    [State] private readonly SortedDictionary<string, SortedDictionary<string, DateTimeOffset>> _services = new(StringComparer.Ordinal);

    [Command]
    public void Report(string service, string address, CommandContext context)
    {
        if (!_services.TryGetValue(service, out SortedDictionary<string, DateTimeOffset>? addresses))
            _services.Add(service, addresses = new(StringComparer.Ordinal));
        addresses[address] = context.Now;
    }

    [Command]
    public int Forget(TimeSpan silence, CommandContext context)
    {
        int forgotten = 0;
        foreach (SortedDictionary<string, DateTimeOffset> addresses in _services.Values)
        {
            // PLANT RSM1001: foreach (string address in addresses.Where(pair => DateTimeOffset.Now - pair.Value > silence).Select(pair => pair.Key).ToArray())
            foreach (string address in addresses.Where(pair => context.Now - pair.Value > silence).Select(pair => pair.Key).ToArray())
            {
                addresses.Remove(address);
                forgotten++;
            }
        }

        return forgotten;
    }

    [Query]
    public List<string> Find(string service) => _services.TryGetValue(service, out SortedDictionary<string, DateTimeOffset>? addresses) ? [.. addresses.Keys] : [];
}
