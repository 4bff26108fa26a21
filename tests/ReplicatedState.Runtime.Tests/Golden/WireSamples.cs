using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Tests.Golden;

/// <summary>One frame of every kind, each with something in every field that it has.</summary>
internal static class WireSamples
{
    private const int FrameMax = 1024 * 1024;
    private static readonly Guid Cluster = new("11112222-3333-4444-5555-666677778888");
    private static readonly RaftId From = new(0x0102030405060708);
    private static readonly RaftId To = new(22);
    private static readonly Configuration Members = new([From, To], [To, new RaftId(33)], [new RaftId(44)], AutoLeave: true) { LearnersNext = [new RaftId(33)], AutoPromote = [new RaftId(44)], Revision = 7 };
    private static readonly SnapshotMeta Meta = new(300, 4, Members, 290, 1_700_000_000_123);

    private static readonly HashCheckpoint Checkpoint = new(297, new UInt128(0x1122334455667788, 0x99AABBCCDDEEFF00));
    private static readonly ReplicaReport Report = new(new GroupId(5), 300, "There is no room.")
    {
        Standing = ReplicaStanding.Proving,
        Distrust = "It differs.",
        Since = 296,
        State = Checkpoint,
    };

    /// <summary>The frames by the name of their file: what this binary writes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Frames { get; } = All().ToDictionary(static sample => sample.Name, static sample => sample.Frame);

    /// <summary>Decodes a frame, whichever it is, and encodes what was understood of it again.</summary>
    public static byte[] Reencoded(byte[] frame)
    {
        var bytes = new ReadOnlySequence<byte>(frame);
        FrameHeader header = FrameHeader.Open(bytes, FrameMax, out ReadOnlySequence<byte> body);
        var reader = new WireReader(body);
        switch (header.Kind)
        {
            case FrameKind.Messages:
                InboundFrame messages = new InboundFramePool(new SlabPool(0)).Rent();
                messages.Decode(body, header.From, header.To);
                return Sealed(header, into =>
                {
                    foreach (ref readonly Message message in messages.Messages)
                        MessageCodec.Write(into, message);
                });
            case FrameKind.Hello or FrameKind.Welcome:
                return Written(header.Kind, Greeting.Read(header.Kind, bytes));
            case FrameKind.Formation:
                FormationOffer offer = FormationOffer.Read(header, body);
                return Sealed(header, into => FormationOffer.Write(into, offer.Entries));
            case FrameKind.Snapshot:
                return Sealed(header, SnapshotMessage.Read(ref reader).Write);
            case FrameKind.Report:
                return Sealed(header, ReplicaReport.Read(body).Write);
            case FrameKind.Verdict:
                return Sealed(header, Verdict.Read(body).Write);
            case FrameKind.Administration:
                return Sealed(header, AdministrationMessage.Read(ref reader).Write);
            default:
                throw new InvalidOperationException($"No sample reads a frame of kind {header.Kind}: say here how.");
        }
    }

    private static IEnumerable<(string Name, byte[] Frame)> All()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            Message message = MessageOf(kind);
            yield return ($"wire/message-{kind}.hex", Sealed(Header(FrameKind.Messages), frame => MessageCodec.Write(frame, message)));
        }

        var greeting = new Greeting(Cluster, 3, From, "label", "n1", "host:7000", "http://host:8080", 1, 2, ["n1", "n2"], [new MachineVersion("bank", 2, 0xFEDC)], "No.");
        yield return ("wire/hello.hex", Written(FrameKind.Hello, greeting));
        yield return ("wire/welcome.hex", Written(FrameKind.Welcome, greeting));
        Entry[] founding = Founding.FirstEntries(Cluster, "label", [greeting]);
        yield return ("wire/formation.hex", Sealed(Header(FrameKind.Formation), frame => FormationOffer.Write(frame, founding)));
        foreach (SnapshotMessageKind kind in Enum.GetValues<SnapshotMessageKind>())
            yield return ($"wire/snapshot-{kind}.hex", Sealed(Header(FrameKind.Snapshot), SnapshotPiece(kind).Write));
        yield return ("wire/report.hex", Sealed(Header(FrameKind.Report), Report.Write));
        foreach (VerdictKind kind in Enum.GetValues<VerdictKind>())
            yield return ($"wire/verdict-{kind}.hex", Sealed(Header(FrameKind.Verdict), new Verdict(new GroupId(5), 6, kind, HashKind.State, Checkpoint).Write));
        foreach (AdministrationAction action in Enum.GetValues<AdministrationAction>())
        {
            var order = new AdministrationOrder(action) { Group = "bank", Member = "n2", AsLearner = true, Force = true, Version = 2, TimeoutMs = 1234 };
            yield return ($"wire/administration-{action}.hex", Sealed(Header(FrameKind.Administration), AdministrationMessage.Request(77, isRepeated: true, order).Write));
        }

        AdministrationOutcome outcome = new(AdministrationStatus.Refused, "No.", AdministrationRefusal.QuorumAtRisk, 99);
        yield return ("wire/administration-answer.hex", Sealed(Header(FrameKind.Administration), AdministrationMessage.Answer(77, outcome).Write));
    }

    private static Message MessageOf(MessageKind kind) => new()
    {
        Kind = kind,
        Group = new GroupId(5),
        From = From,
        To = To,
        Term = 6,
        Log = new LogPosition(300, 4),
        Commit = 299,
        Reject = true,
        Hint = new LogPosition(290, 3),
        LeadershipTransfer = true,
        ReadRound = 70_000,
        Read = new ReadContext(From, 0xB007, 9),
        Snapshot = kind == MessageKind.Snapshot ? Meta : null,
        WallClockMs = 1_700_000_000_456,
        SentAtMs = 123_456,
        PromiseMs = 1000,
        Priority = 3,
        Match = 298,
        Applied = Checkpoint,
        ByLease = true,
        Entries = kind == MessageKind.Append ? EntriesOfEveryKind() : default,
    };

    private static Entry[] EntriesOfEveryKind() =>
    [
        .. Enum.GetValues<EntryKind>().Select((kind, i) => new Entry(301 + (ulong)i, i < 4 ? 4UL : 6UL, kind, 1_700_000_000_000 + i, kind switch
        {
            EntryKind.Config => Payload.Of(ConfigurationCodec.Encode(Members)),
            EntryKind.NoOp or EntryKind.OpenSession or EntryKind.Tick => Payload.Empty,
            _ => Payload.Of(new byte[] { 1, 2, (byte)i }),
        })),
    ];

    private static SnapshotMessage SnapshotPiece(SnapshotMessageKind kind) => new()
    {
        Kind = kind,
        Group = new GroupId(5),
        Position = Meta.Position,
        Transfer = ulong.MaxValue,
        Bytes = 1000,
        Term = kind == SnapshotMessageKind.Offer ? 6UL : 0,
        ChunkBytes = kind == SnapshotMessageKind.Offer ? 100 : 0,
        Sha256 = kind == SnapshotMessageKind.Offer ? [.. Enumerable.Range(0, 32).Select(i => (byte)i)] : default,
        Header = kind == SnapshotMessageKind.Offer ? new SnapshotHeader(Cluster, new GroupId(5), Meta, "bank", 2) : null,
        Content = kind == SnapshotMessageKind.Chunk ? new byte[] { 1, 2, 3 } : default,
        Reason = kind == SnapshotMessageKind.Refused ? "No." : "",
    };

    private static FrameHeader Header(FrameKind kind) => new(FrameHeader.VersionMax, kind, Cluster, 3, From, To);

    private static byte[] Written(FrameKind kind, Greeting greeting)
    {
        var into = new ArrayBufferWriter<byte>();
        greeting.Write(kind, into);
        return into.WrittenSpan.ToArray();
    }

    private static byte[] Sealed(FrameHeader header, Action<FrameBuffer> write)
    {
        using FrameBuffer frame = FrameHeader.RentFrame();
        write(frame);
        header.Seal(frame);
        return frame.Written.ToArray();
    }
}
