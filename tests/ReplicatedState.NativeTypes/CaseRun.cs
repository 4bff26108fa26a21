using System.Buffers;
using MessagePack;
using ReplicatedState.Generators.Tests.Matrix;

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
