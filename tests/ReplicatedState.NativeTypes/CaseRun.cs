using System.Buffers;
using System.Text;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Generators.Tests.Matrix;
using ReplicatedState.Json;

namespace ReplicatedState.NativeTypes;

/// <inheritdoc/>
internal sealed class CaseRun<TMachine>(Func<IStateMachineChannel, Task<object>> put, Func<IStateMachineChannel, Task<object>> get) : ICaseRun
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    public async Task<string> PrintAsync(TypeCase type)
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<TMachine>();
        var memory = new InMemoryMachine(definition);
        var channel = new RecordingChannel(memory.Channel);
        await put(channel);
        string reply = Convert.ToHexString(channel.LastReply);
        await get(channel);

        byte[] snapshot = Snapshot(memory.Machine);
        IStateMachine restored = definition.Create();
        Restore(restored, snapshot);
        UInt128 hash = memory.Machine.ComputeStateHash(version: 1);
        if (restored.ComputeStateHash(version: 1) != hash || !Snapshot(restored).AsSpan().SequenceEqual(snapshot))
            throw new InvalidOperationException($"The machine of {type.Name} is another one after a snapshot.");
        return $"{type.Name}: {type.Type}\n  {reply}\n  hash {hash:X32}\n";
    }

    public async Task<string> PrintJsonAsync(TypeCase type)
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<TMachine>();
        var channel = new RecordingChannel(new InMemoryMachine(definition).Channel);
        await put(channel);
        JsonCall call = definition.Json.Command("put");
        string value = ResultOf(call, channel.LastReply);
        using JsonDocument payload = JsonDocument.Parse($$"""{"value": {{value}}, "more": [{{value}}]}""");
        RequestBuffer request = channel.RentRequest();
        call.Write(payload.RootElement, request);
        (await channel.CommandAsync(request, CancellationToken.None)).Dispose();
        return $"{type.Name}: {type.Type}\n  {ResultOf(call, channel.LastReply)}\n";
    }

    private static string ResultOf(JsonCall call, byte[] reply)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            call.WriteResult(new ReadOnlySequence<byte>(reply), json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static byte[] Snapshot(IStateMachine machine)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        machine.WriteSnapshot(ref writer, version: 1);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Restore(IStateMachine machine, byte[] snapshot)
    {
        var reader = new MessagePackReader(snapshot);
        machine.ReadSnapshot(ref reader, version: 1);
    }
}
