using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>A small machine written by hand: totals by name, and commands that end in every way a command can.</summary>
internal sealed class Tally : IReplicatedStateMachine<Tally>
{
    private const uint AddId = 1;
    private const uint RejectId = 2;
    private const uint ThrowId = 3;
    private const uint FillId = 4;
    private const uint DescribeId = 5;
    private const uint SpeakId = 6;
    private const uint ScheduleId = 7;
    private const uint CancelId = 8;
    private const uint EmitId = 9;
    private const uint UnknownId = 99;

    /// <summary>The event that is a text.</summary>
    public const uint TextEvent = 1;

    /// <summary>The event that is a number; of machine version 2.</summary>
    public const uint NumberEvent = 2;

    private readonly SortedDictionary<string, long> _totals = new(StringComparer.Ordinal);

    public static StateMachineManifest Manifest { get; } = ManifestOf(version: 2);

    public static Type ClientType => typeof(IStateMachineChannel);

    /// <summary>How many commands this instance executed: not state, so a restored machine starts from 0.</summary>
    public int Executions { get; private set; }

    public static StateMachineManifest ManifestOf(int version) => new(
        "tally", version, 0x7A11, [new ManifestMember(AddId, "Add", 1, "(string, long) → long")], [], [new ManifestMember(1, "Totals", 1, "map")]);

    public static Tally Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    /// <summary>A culture that writes minus as a tilde.</summary>
    public static CultureInfo StrangeCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }

    public static byte[] Add(string name, long amount) => Encode(AddId, 2, (ref MessagePackWriter writer) =>
    {
        writer.Write(name);
        writer.Write(amount);
    });

    public static byte[] Reject(string code, string message) => Encode(RejectId, 2, (ref MessagePackWriter writer) =>
    {
        writer.Write(code);
        writer.Write(message);
    });

    public static byte[] Throw(string kind) => Encode(ThrowId, 1, (ref MessagePackWriter writer) => writer.Write(kind));

    /// <summary>A reply of <paramref name="size"/> bytes and a few of encoding.</summary>
    public static byte[] Fill(int size) => Encode(FillId, 1, (ref MessagePackWriter writer) => writer.Write(size));

    public static byte[] Describe() => Encode(DescribeId, 0, (ref MessagePackWriter _) => { });

    /// <summary>Writes a number by the thread's culture, then, as no command should, changes that culture.</summary>
    public static byte[] Speak() => Encode(SpeakId, 0, (ref MessagePackWriter _) => { });

    /// <summary>Has commands executed after so many milliseconds, all but the first a millisecond later than the one before, and then throws or not; answers with the last timer.</summary>
    public static byte[] Schedule(long afterMs, byte[] command, int times = 1, long stepMs = 0, bool thenThrows = false) => Encode(ScheduleId, 5, (ref MessagePackWriter writer) =>
    {
        writer.Write(afterMs);
        writer.Write(command);
        writer.Write(times);
        writer.Write(stepMs);
        writer.Write(thenThrows);
    });

    /// <summary>Cancels a timer, and then throws or not; answers with 1 where it was set.</summary>
    public static byte[] Cancel(long timer, bool thenThrows = false) => Encode(CancelId, 2, (ref MessagePackWriter writer) =>
    {
        writer.Write(timer);
        writer.Write(thenThrows);
    });

    /// <summary>Emits a text so many times, with 0, 1, … behind it, and then as many numbers, and then throws or not.</summary>
    public static byte[] Emit(string text, int texts = 1, int numbers = 0, bool thenThrows = false) => Encode(EmitId, 4, (ref MessagePackWriter writer) =>
    {
        writer.Write(text);
        writer.Write(texts);
        writer.Write(numbers);
        writer.Write(thenThrows);
    });

    public static byte[] Unknown() => Encode(UnknownId, 0, (ref MessagePackWriter _) => { });

    public static byte[] TotalOf(string name) => Encode(AddId, 1, (ref MessagePackWriter writer) => writer.Write(name));

    public long TotalOfName(string name) => _totals.GetValueOrDefault(name);

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        Executions++;
        uint id = CallFormat.ReadHeader(ref command, out _);
        switch (id)
        {
            case AddId:
                string name = command.ReadString()!;
                long total = _totals.GetValueOrDefault(name) + command.ReadInt64();
                _totals[name] = total;
                reply.Write(total);
                break;
            case RejectId:
                reply.Write("half a reply that must not get out");
                throw new CommandRejectedException(command.ReadString()!, command.ReadString()!);
            case ThrowId:
                _totals["thrown"] = _totals.GetValueOrDefault("thrown") + 1;
                throw ExceptionOf(command.ReadString()!);
            case FillId:
                reply.Write(new byte[command.ReadInt32()]);
                break;
            case DescribeId:
                reply.WriteArrayHeader(6);
                reply.Write(context.Index);
                reply.Write(context.Term);
                reply.Write(context.Now.ToUnixTimeMilliseconds());
                reply.Write(context.MachineVersion);
                reply.Write(context.Caller);
                reply.Write(context.NewGuid().ToString());
                break;
            case ScheduleId:
                reply.Write(Schedule(ref command, context));
                break;
            case CancelId:
                reply.Write(context.Cancel(new TimerId(command.ReadUInt64())) ? 1 : 0);
                if (command.ReadBoolean())
                    throw ExceptionOf("end");
                break;
            case SpeakId:
                Speak(ref reply);
                break;
            case EmitId:
                Emit(ref command, context);
                reply.WriteNil();
                break;
            default:
                throw CallFormat.UnknownCommand("tally", id);
        }
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref query, out _);
        switch (id)
        {
            case AddId:
                reply.Write(_totals.GetValueOrDefault(query.ReadString()!));
                break;
            case RejectId:
                throw new CommandRejectedException(query.ReadString()!, query.ReadString()!);
            case ThrowId:
                reply.Write(new byte[100_000]);
                throw ExceptionOf(query.ReadString()!);
            case SpeakId:
                Speak(ref reply);
                break;
            default:
                throw CallFormat.UnknownQuery("tally", id);
        }
    }

    public void WriteSnapshot(ref MessagePackWriter writer, int version)
    {
        writer.WriteMapHeader(_totals.Count);
        foreach ((string name, long total) in _totals)
        {
            writer.Write(name);
            writer.Write(total);
        }
    }

    public void ReadSnapshot(ref MessagePackReader reader, int version)
    {
        _totals.Clear();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
            _totals.Add(reader.ReadString()!, reader.ReadInt64());
    }

    public bool WriteEvent<TEvent>(TEvent value, int version, ref MessagePackWriter writer, out uint id)
    {
        id = value is string ? TextEvent : NumberEvent;
        if (value is string text)
            writer.Write(text);
        else if (value is not long number)
            throw CallFormat.UndeclaredEvent("tally", typeof(TEvent));
        else if (version < 2)
            return false;
        else
            writer.Write(number);
        return true;
    }

    public UInt128 ComputeStateHash(int version)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        WriteSnapshot(ref writer, version);
        writer.Flush();
        return XxHash128.HashToUInt128(bytes.WrittenSpan);
    }

    private static ulong Schedule(ref MessagePackReader command, CommandContext context)
    {
        long afterMs = command.ReadInt64();
        byte[] later = command.ReadBytes()!.Value.ToArray();
        int times = command.ReadInt32();
        long stepMs = command.ReadInt64();
        TimerId timer = default;
        for (int i = 0; i < times; i++)
            timer = context.Schedule(TimeSpan.FromMilliseconds(afterMs + (i * stepMs)), new MachineCommand("tally", "later", 1, later));
        if (command.ReadBoolean())
            throw ExceptionOf("end");
        return timer.Value;
    }

    private static void Emit(ref MessagePackReader command, CommandContext context)
    {
        string text = command.ReadString()!;
        int texts = command.ReadInt32();
        int numbers = command.ReadInt32();
        for (int i = 0; i < texts; i++)
            context.Emit($"{text}{i}");
        for (long i = 0; i < numbers; i++)
            context.Emit(i);
        if (command.ReadBoolean())
            throw ExceptionOf("end");
    }

    private static void Speak(ref MessagePackWriter reply)
    {
        reply.Write((-1).ToString(CultureInfo.CurrentCulture));
        CultureInfo.CurrentCulture = StrangeCulture();
    }

    private static Exception ExceptionOf(string kind) => kind switch
    {
        "memory" => new InsufficientMemoryException(),
        "io" => new IOException("disk on fire"),
        "wrapped-io" => new InvalidOperationException("outer", new IOException("inner")),
        "aggregate-timeout" => new AggregateException(new InvalidOperationException("first"), new TimeoutException("second")),
        "canceled" => new OperationCanceledException(),
        "type-load" => new TypeInitializationException("Some.Type", new InvalidOperationException("static constructor")),
        "generic" => new GenericException<int>(),
        "invalid-command" => new InvalidCommandException("thrown by the machine itself"),
        "message-throws" => new SilentException(),
        _ => new InvalidOperationException("the " + kind + " was wrong"),
    };

    private delegate void WriteArguments(ref MessagePackWriter writer);

    private static byte[] Encode(uint id, int arguments, WriteArguments write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        CallFormat.WriteHeader(ref writer, id, arguments);
        write(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
