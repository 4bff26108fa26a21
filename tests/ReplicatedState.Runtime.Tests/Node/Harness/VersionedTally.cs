using MessagePack;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A version of the machine's source.</summary>
internal interface ISourceVersion
{
    static abstract int Number { get; }

    /// <summary>What the migration to the second version does; null where there is none.</summary>
    static virtual Action<Tally, CommandContext>? Migration => null;
}

internal sealed class First : ISourceVersion
{
    public static int Number => 1;
}

internal sealed class Second : ISourceVersion
{
    public static int Number => 2;
}

/// <summary>A second version whose migration can't do with one of the names.</summary>
internal sealed class SecondWithMigration : ISourceVersion
{
    public const string Poison = "poison";

    public static int Number => 2;

    public static Action<Tally, CommandContext> Migration => static (tally, context) =>
    {
        context.Emit("migrated");
        if (tally.TotalOfName(Poison) > 0)
            throw new InvalidOperationException("There is poison in it.");
    };
}

/// <summary>The tally as two binaries have it. The second one added a command and a state member.</summary>
internal sealed class VersionedTally<TVersion> : IReplicatedStateMachine<VersionedTally<TVersion>>
    where TVersion : ISourceVersion
{
    private const uint CountId = 50;
    private readonly Tally _tally = new();
    private long _counted;

    public static StateMachineManifest Manifest { get; } = Tally.ManifestOf(TVersion.Number);

    public static Type ClientType => typeof(IStateMachineChannel);

    /// <summary>The command of the second version.</summary>
    public static byte[] Count() => [0x91, (byte)CountId];

    public static VersionedTally<TVersion> Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        MessagePackReader peek = command.CreatePeekReader();
        bool isNew = CallFormat.ReadHeader(ref peek, out _) == CountId;
        command.Skip();
        return isNew ? 2 : 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        MessagePackReader peek = command.CreatePeekReader();
        if (TVersion.Number >= 2 && CallFormat.ReadHeader(ref peek, out _) == CountId)
        {
            command.Skip();
            reply.Write(++_counted);
        }
        else
        {
            _tally.Apply(ref command, context, ref reply);
        }
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => _tally.Query(ref query, ref reply);

    public void WriteSnapshot(ref MessagePackWriter writer, int version)
    {
        bool counts = TVersion.Number >= 2 && version >= 2;
        writer.WriteArrayHeader(counts ? 2 : 1);
        _tally.WriteSnapshot(ref writer, version);
        if (counts)
            writer.Write(_counted);
    }

    public void ReadSnapshot(ref MessagePackReader reader, int version)
    {
        int parts = reader.ReadArrayHeader();
        if (parts != (version >= 2 ? 2 : 1) || parts > TVersion.Number)
            throw new InvalidSnapshotException($"The snapshot has {parts} parts at version {version}, and this is version {TVersion.Number}.");
        _tally.ReadSnapshot(ref reader, version);
        if (parts > 1)
            _counted = reader.ReadInt64();
    }

    public bool ChangesStateAt(int version) => version == 2 && TVersion.Migration is not null;

    public void Migrate(int version, CommandContext context) => TVersion.Migration!(_tally, context);

    public bool WriteEvent<TEvent>(TEvent value, int version, ref MessagePackWriter writer, out uint id) => _tally.WriteEvent(value, version, ref writer, out id);

    public UInt128 ComputeStateHash(int version) => _tally.ComputeStateHash(version) + (version >= 2 ? (UInt128)_counted : 0);
}
