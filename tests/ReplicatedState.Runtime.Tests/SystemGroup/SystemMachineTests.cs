using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;

namespace ReplicatedState.Runtime.Tests.SystemGroup;

public sealed class SystemMachineTests : IApplyObserver
{
    private static readonly Guid Cluster = new("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    private static readonly Member Alpha = MemberNamed("alpha", 11);
    private static readonly Member Beta = MemberNamed("beta", 22);
    private static readonly Member Gamma = MemberNamed("gamma", 33);
    private static readonly Member Delta = MemberNamed("delta", 44) with { Standing = MemberStanding.Learner };
    private static readonly GroupGenesis Genesis = new(new UInt128(1, 2), 1, new SessionLimits { WindowMax = 77 });
    private readonly GroupMachine _group;
    private (ReplyStatus Status, byte[] Body, string? Code, string? Message) _last;

    public SystemMachineTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        _group = new GroupMachine(GroupId.System, StateMachineDefinition.Of<SystemMachine>(), GroupGenesis.System, this);
    }

    private SystemState State => ((SystemMachine)_group.Machine).State;

    [Fact]
    public void Formation_gives_the_cluster_its_identity_and_its_members()
    {
        Form();
        Assert.Equal((Cluster, 3u, "prod"), (State.ClusterId, State.Epoch, State.Label));
        Assert.Equal([Alpha, Beta], State.Members.Values);
    }

    [Fact]
    public void A_repeated_formation_changes_nothing_and_another_one_is_refused()
    {
        Form();
        Form();
        Assert.Equal("already_formed", Rejection(new FormCluster(Guid.Empty, 0, "other", [Gamma])));
        Assert.Equal(2, State.Members.Count);
    }

    [Fact]
    public void Before_formation_there_are_no_members_and_no_groups()
    {
        Assert.Equal("not_formed", Rejection(new AddMember(Alpha)));
        Assert.Equal("not_formed", Rejection(new RemoveMember(Alpha.Id)));
        Assert.Equal("not_formed", Rejection(new CreateGroup("bank", "Bank", Genesis)));
        Assert.Null(State.ClusterId);
    }

    [Fact]
    public void A_member_may_change_its_address_but_not_take_anothers_name()
    {
        Form();
        Accept(new UpdateMember(Alpha with { PeerAddress = "elsewhere:1" }));
        Assert.Equal("elsewhere:1", State.MemberNamed("alpha")!.PeerAddress);
        Assert.Equal("wiped_node", Rejection(new UpdateMember(Alpha with { Name = "beta" })));
        Assert.Equal("unknown_member", Rejection(new UpdateMember(Gamma)));
    }

    [Fact]
    public void A_known_name_on_a_new_data_directory_is_refused_until_it_is_readmitted()
    {
        Form();
        Member wiped = Beta with { Id = new RaftId(99) };
        Assert.Equal("wiped_node", Rejection(new AddMember(wiped)));
        Assert.Equal(2, State.Members.Count);

        Assert.Equal("invalid_member", Rejection(new ReplaceMember(Alpha.Id, wiped)));
        Accept(new ReplaceMember(Beta.Id, wiped));
        Assert.Equal(MemberStanding.Leaving, State.Members[Beta.Id].Standing);
        Assert.Equal(wiped, State.MemberNamed("beta"));
        ulong index = State.MembershipIndex;
        Accept(new ReplaceMember(Beta.Id, wiped));
        Assert.Equal(index, State.MembershipIndex);
    }

    [Theory]
    [InlineData(0UL, "delta")]
    [InlineData(44UL, "")]
    public void A_member_without_id_or_name_is_refused(ulong id, string name)
    {
        Form();
        Assert.Equal("invalid_member", Rejection(new AddMember(MemberNamed(name, id))));
    }

    [Fact]
    public void A_member_is_added_once_and_keeps_its_standing_when_its_description_changes()
    {
        Form();
        Assert.Equal(0UL, State.MembershipIndex);
        Accept(new AddMember(Gamma with { Standing = MemberStanding.Learner }));
        ulong index = State.MembershipIndex;
        Assert.Equal(_group.AppliedIndex, index);
        Accept(new AddMember(Gamma));
        Accept(new UpdateMember(Gamma with { HttpAddress = "gamma:81" }));
        Assert.Equal((MemberStanding.Learner, "gamma:81", index), (State.Members[Gamma.Id].Standing, State.Members[Gamma.Id].HttpAddress, State.MembershipIndex));
        Accept(new PromoteMember(Gamma.Id));
        Assert.Equal((MemberStanding.Voter, _group.AppliedIndex), (State.Members[Gamma.Id].Standing, State.MembershipIndex));
    }

    [Fact]
    public void A_removed_member_leaves_before_it_is_forgotten_and_never_comes_back()
    {
        Form();
        Assert.Equal("member_stays", Rejection(new ForgetMember(Beta.Id)));
        Accept(new RemoveMember(Beta.Id));
        Assert.Equal(MemberStanding.Leaving, State.Members[Beta.Id].Standing);
        Assert.Equal("member_leaving", Rejection(new AddMember(Beta)));
        Assert.Equal("member_leaving", Rejection(new PromoteMember(Beta.Id)));
        Accept(new ForgetMember(Beta.Id));
        Assert.Equal([Alpha], State.Members.Values);
        Assert.Equal("removed_node", Rejection(new AddMember(Beta)));
        Accept(new AddMember(Beta with { Id = new RaftId(99) }));
    }

    [Fact]
    public void The_last_voter_stays()
    {
        Form();
        Accept(new RemoveMember(Beta.Id));
        Assert.Equal("last_voter", Rejection(new RemoveMember(Alpha.Id)));
        Assert.Equal("unknown_member", Rejection(new RemoveMember(Gamma.Id)));
    }

    [Fact]
    public void A_group_is_created_once_under_its_name_with_the_members_of_that_moment()
    {
        Form();
        Assert.Equal(1u, Create("bank"));
        ClusterGroup bank = State.Groups["bank"];
        Accept(new AddMember(Gamma));
        Accept(new RemoveMember(Beta.Id));
        Accept(new AddMember(Delta));
        Assert.Equal(1u, Create("bank"));
        Assert.Equal(2u, Create("shop"));

        Assert.Same(bank, State.Groups["bank"]);
        Assert.Equal(2u, bank.CreatedAt);
        Assert.Equal(Genesis, bank.Genesis);
        Assert.Equal<RaftId>([Alpha.Id, Beta.Id], bank.FirstConfiguration.Voters);
        Assert.Equal<RaftId>([Alpha.Id, Gamma.Id], State.Groups["shop"].FirstConfiguration.Voters);
        Assert.Equal<RaftId>([Delta.Id], State.Groups["shop"].FirstConfiguration.Learners);
    }

    [Fact]
    public void The_secret_and_the_limits_of_the_first_creation_count()
    {
        Form();
        Create("bank");
        Accept(new CreateGroup("bank", "Bank", new GroupGenesis(99, 1, SessionLimits.Default)));
        Assert.Equal(Genesis, State.Groups["bank"].Genesis);
    }

    [Fact]
    public void A_groups_name_can_not_be_given_to_another_machine()
    {
        Form();
        Create("bank");
        Assert.Equal("group_differs", Rejection(new CreateGroup("bank", "Shop", Genesis)));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(SystemMachine.MachineName, 1)]
    [InlineData("bank", 0)]
    public void A_group_without_a_name_of_its_own_or_a_version_is_refused(string name, int version)
    {
        Form();
        Assert.Equal("invalid_group", Rejection(new CreateGroup(name, "Bank", Genesis with { MachineVersion = version })));
        Assert.Empty(State.Groups);
    }

    [Fact]
    public void A_version_is_activated_once_every_member_has_it_and_only_upwards()
    {
        Form();
        Create("bank");
        Assert.Equal("unknown_group", Rejection(new ActivateVersion("shop", 2)));
        Assert.Equal("version_not_higher", Rejection(new ActivateVersion("bank", 1)));
        Assert.Equal("version_not_everywhere", Rejection(new ActivateVersion("bank", 4)));
        Accept(new UpdateMember(Alpha with { Machines = [new MemberMachine("Bank", 4, 0)] }));
        Assert.Equal("version_not_everywhere", Rejection(new ActivateVersion("bank", 4)));
        Assert.Contains("'beta' has version 3", _last.Message, StringComparison.Ordinal);
        Accept(new ActivateVersion("bank", 3));
        Assert.Equal(3, State.Groups["bank"].MachineVersion);
        Assert.Equal(Genesis, State.Groups["bank"].Genesis);
        Assert.Equal("version_not_higher", Rejection(new ActivateVersion("bank", 3)));
    }

    [Fact]
    public void Who_lacks_the_version_in_effect_is_not_taken_in()
    {
        Form();
        Create("bank");
        Accept(new ActivateVersion("bank", 3));
        Member old = Gamma with { Machines = [new MemberMachine("Bank", 2, 0)] };
        Assert.Equal("version_lacking", Rejection(new AddMember(old)));
        Assert.Equal("version_lacking", Rejection(new AddMember(Gamma with { Machines = [] })));
        Assert.Equal("version_lacking", Rejection(new ReplaceMember(Beta.Id, old with { Name = "beta" })));
        Accept(new AddMember(Gamma));
    }

    [Fact]
    public void Whoever_leaves_does_not_hold_a_version_up()
    {
        Form();
        Create("bank");
        Accept(new UpdateMember(Alpha with { Machines = [new MemberMachine("Bank", 4, 0)] }));
        Accept(new RemoveMember(Beta.Id));
        Accept(new ActivateVersion("bank", 4));
    }

    [Fact]
    public void Everything_survives_a_snapshot()
    {
        Form();
        Create("bank");
        Create("shop");
        Accept(new ActivateVersion("shop", 2));
        Accept(new AddMember(Delta));
        Accept(new RemoveMember(Beta.Id));
        Accept(new ForgetMember(Beta.Id));
        var snapshot = new ArrayBufferWriter<byte>();
        _group.WriteSnapshot(snapshot);
        var restored = new GroupMachine(GroupId.System, StateMachineDefinition.Of<SystemMachine>(), GroupGenesis.System, this);
        restored.ReadSnapshot(new ReadOnlySequence<byte>(snapshot.WrittenMemory));

        Assert.Equal(_group.ComputeStateHash(), restored.ComputeStateHash());
        SystemState state = ((SystemMachine)restored.Machine).State;
        Assert.Equal(State.Members.Values, state.Members.Values);
        Assert.Equal(State.Groups.Values, state.Groups.Values);
        Assert.Equal(3u, state.NextGroupId);
        Assert.Equal(State.MembershipIndex, state.MembershipIndex);
        Assert.Equal([Beta.Id], state.Removed);
    }

    [Fact]
    public void Arguments_that_can_not_be_decoded_are_refused_before_they_are_logged()
    {
        StateMachineDefinition definition = StateMachineDefinition.Of<SystemMachine>();
        byte[] whole = Encode(new CreateGroup("bank", "Bank", Genesis));
        definition.ValidateCommand(new ReadOnlySequence<byte>(whole));
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidCommandException>(() => definition.ValidateCommand(new ReadOnlySequence<byte>(whole, 0, length)));
        Assert.Throws<InvalidCommandException>(() => definition.ValidateCommand(new ReadOnlySequence<byte>([0x92, 0x04, 0x01])));
        Assert.Throws<UnknownCommandException>(() => definition.ValidateCommand(new ReadOnlySequence<byte>([0x91, 0x63])));
    }

    [Fact]
    public async Task The_client_speaks_what_the_machine_understands()
    {
        Form();
        var client = new SystemGroupClient(new DirectChannel(this));
        Accept(new AddMember(Gamma));
        Create("bank");
        SystemState state = await client.GetStateAsync();
        Assert.Equal(State.Members.Values, state.Members.Values);
        Assert.Equal(State.Groups.Values, state.Groups.Values);
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply) => _last = (reply.Status, reply.Body.ToArray(), reply.Code, reply.Message);

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply) => Assert.Fail("the system machine sets no timers");

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => Assert.Fail(exception.ToString());

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => Assert.Fail(reason);

    private static Member MemberNamed(string name, ulong id) => new()
    {
        Id = new RaftId(id),
        Name = name,
        PeerAddress = $"{name}:7400",
        HttpAddress = $"{name}:8080",
        WireVersionMax = 2,
        Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("zone", "north"), KeyValuePair.Create("rack", "7")]),
        Machines = [new MemberMachine("Bank", 3, 0xBA2C)],
    };

    private void Form() => Accept(new FormCluster(Cluster, 3, "prod", [Alpha, Beta]));

    private uint Create(string name)
    {
        Accept(new CreateGroup(name, "Bank", Genesis));
        return State.Groups[name].Id.Value;
    }

    private byte[] Accept<TCommand>(TCommand command)
        where TCommand : ISystemCommand<TCommand>
    {
        Apply(Encode(command));
        Assert.Equal((ReplyStatus.Ok, null), (_last.Status, _last.Message));
        return _last.Body;
    }

    private string? Rejection<TCommand>(TCommand command)
        where TCommand : ISystemCommand<TCommand>
    {
        Apply(Encode(command));
        Assert.Equal(ReplyStatus.Rejected, _last.Status);
        return _last.Code;
    }

    private static byte[] Encode<TCommand>(TCommand command)
        where TCommand : ISystemCommand<TCommand>
    {
        var bytes = new ArrayBufferWriter<byte>();
        command.WriteTo(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private void Apply(ReadOnlySpan<byte> command)
    {
        var payload = new byte[1 + command.Length];
        default(CommandHeader).Write(payload);
        command.CopyTo(payload.AsSpan(1));
        Assert.True(_group.Apply(new Entry(_group.AppliedIndex + 1, 1, EntryKind.Command, 1, Payload.Of(payload))));
    }

    /// <summary>Answers queries at once.</summary>
    private sealed class DirectChannel(SystemMachineTests test) : IStateMachineChannel
    {
        public RequestBuffer RentRequest() => RequestBuffer.Rent();

        public SessionToken SessionToken => default;

        public IStateMachineChannel WithSession(SessionToken token) => this;

        public IStateMachineChannel WithIdempotencyKey(string key) => this;

        public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) => throw new InvalidOperationException("The records are not changed by clients.");

        public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken)
        {
            var body = new ArrayBufferWriter<byte>();
            using (request)
                Assert.Equal(ReplyStatus.Ok, test._group.Query(new ReadOnlySequence<byte>(request.Written), body, out _, out _));
            return new(ReplyBuffer.Copy(body.WrittenSpan));
        }

        public IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The records have no query that gives a sequence.");
    }
}
