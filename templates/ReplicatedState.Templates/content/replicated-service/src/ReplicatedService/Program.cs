using ReplicatedService;
using ReplicatedState;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddReplicatedState().AddStateMachine<Counters>();

try
{
    WebApplication app = builder.Build();
    app.MapReplicatedState();
    app.MapPost("/counters/{name}", (string name, long amount, ICountersClient counters, CancellationToken stop) => counters.AddAsync(name, amount, stop));
    app.MapGet("/counters/{name}", (string name, ICountersClient counters, CancellationToken stop) => counters.ValueAsync(name, cancellationToken: stop));
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (ConsensusException refusal)
{
    // A configuration or a data directory that can't be used: one sentence says why.
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
