using ReplicatedState.Histories.Formats;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>The formats, their sense, and what is said of lines that have none.</summary>
public sealed class HistoryFileTests
{
    [Fact]
    public void Json_lines_come_back_as_they_were_written()
    {
        List<Operation<RegisterCall, RegisterResult>> history =
            [.. RandomHistory.Make(3, 200, keys: 3, unknownPerMille: 200, appends: true).Select(o => o with { LogIndex = null })];
        var text = new StringWriter();
        foreach (Operation<RegisterCall, RegisterResult> operation in history)
            RegisterHistoryJson.Write(text, operation);
        Assert.Equal(history, HistoryFile.Read(text.ToString(), "history.jsonl"));
    }

    [Fact]
    public void A_json_line_is_what_the_format_says()
    {
        Operation<RegisterCall, RegisterResult> swap = Read("""{"c":3,"call":100,"ret":250,"k":"x","op":"cas","a":1,"b":"two","out":true,"st":"ok"}""");
        Assert.Equal(
            new Operation<RegisterCall, RegisterResult>
            {
                Client = 3,
                Call = 100,
                Return = 250,
                Key = "x",
                Input = new RegisterCall(RegisterCallKind.CompareAndSet, RegisterValue.Of("1"), RegisterValue.Of("two")),
                Output = new RegisterResult(Swapped: true),
                Status = OperationStatus.Ok,
            },
            swap);
        Operation<RegisterCall, RegisterResult> read = Read("""{"c":3,"call":100,"ret":250,"k":"x","op":"r","out":null,"st":"ok"}""");
        Assert.True(read.Output.Value.IsNone);
        Assert.True(read.IsQuery);
        Operation<RegisterCall, RegisterResult> write = Read("""{"c":3,"call":100,"k":"x","op":"w","a":"v","st":"unknown"}""");
        Assert.Equal((null, OperationStatus.Unknown), (write.Return, write.Status));
    }

    [Fact]
    public void A_swap_that_found_another_value_was_executed_and_one_that_was_refused_was_not()
    {
        Assert.Equal((OperationStatus.Ok, false), StatusOf("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"out":false,"st":"ok"}"""));
        Assert.Equal((OperationStatus.Ok, false), StatusOf("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"out":false,"st":"fail"}"""));
        Assert.Equal((OperationStatus.Fail, false), StatusOf("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"st":"fail"}"""));
        Assert.Equal((OperationStatus.Ok, true), StatusOf("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"st":"ok"}"""));

        static (OperationStatus, bool) StatusOf(string line) => (Read(line).Status, Read(line).Output.Swapped);
    }

    [Theory]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"r","out":1,"st":"ok"}{""", "no JSON object")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"q","st":"ok"}""", "no operation 'q'")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"r","st":"done"}""", "no status 'done'")]
    [InlineData("""{"c":1,"call":1,"k":"x","op":"r","out":1,"st":"ok"}""", "\"ret\" is missing")]
    [InlineData("""{"c":1,"call":3,"ret":2,"k":"x","op":"r","out":1,"st":"ok"}""", "\"ret\" is before \"call\"")]
    [InlineData("""{"c":1,"ret":2,"k":"x","op":"r","out":1,"st":"ok"}""", "\"call\" is missing")]
    [InlineData("""{"call":1,"ret":2,"k":"x","op":"r","out":1,"st":"ok"}""", "\"c\" is missing")]
    [InlineData("""{"c":1,"call":1.5,"ret":2,"k":"x","op":"r","out":1,"st":"ok"}""", "\"call\" is no whole number")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"w","st":"ok"}""", "\"w\" needs \"a\"")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"st":"ok"}""", "\"cas\" needs \"b\"")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"out":7,"st":"ok"}""", "true or false")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"cas","a":1,"b":2,"out":true,"st":"fail"}""", "swapped nothing")]
    [InlineData("""{"c":1,"call":1,"ret":2,"k":"x","op":"w","a":[1],"st":"ok"}""", "\"a\" is no text, number or null")]
    [InlineData("[1]", "an operation is a JSON object")]
    public void A_json_line_without_sense_is_named(string line, string what)
    {
        const string Good = """{"c":1,"call":1,"ret":2,"k":"x","op":"r","out":null,"st":"ok"}""";
        HistoryFormatException error = Assert.Throws<HistoryFormatException>(() => HistoryFile.Read($"{Good}\n\n{line}\n", "history.jsonl"));
        Assert.Equal(("history.jsonl", 3), (error.File, error.Line));
        Assert.StartsWith("history.jsonl(3): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_register_log_gives_failures_and_time_outs_their_sense()
    {
        IReadOnlyList<Operation<RegisterCall, RegisterResult>> history = HistoryFile.Read(
            """
            INFO  jepsen.core - Running test
            INFO  jepsen.util - 0	:invoke	:write	3
            INFO  jepsen.util - 0	:info	:write	:timed-out
            INFO  jepsen.util - :nemesis	:info	:start	nil
            INFO  jepsen.util - 0	:invoke	:cas	[3 4]
            INFO  jepsen.util - 1	:invoke	:read	nil
            INFO  jepsen.util - 2	:invoke	:read	nil
            INFO  jepsen.util - 0	:fail	:cas	[3 4]
            INFO  jepsen.util - 1	:ok	:read	nil
            INFO  jepsen.util - 2	:fail	:read	:timed-out
            INFO  jepsen.util - 3	:invoke	:write	1
            INFO  jepsen.util - 3	:fail	:write	:timed-out
            INFO  jepsen.util - 4	:invoke	:cas	[1 2]
            """,
            "a.log");
        Assert.Equal(
            [
                (0, 2, null, OperationStatus.Unknown), (0, 5, 8, OperationStatus.Ok), (1, 6, 9, OperationStatus.Ok), (2, 7, 10, OperationStatus.Fail),
                (3, 11, 12, OperationStatus.Fail), (4, 13, null, OperationStatus.Unknown),
            ],
            history.Select(o => (o.Client, o.Call, o.Return, o.Status)));
        Assert.False(history[1].Output.Swapped);
        Assert.True(history[2].Output.Value.IsNone);
    }

    [Theory]
    [InlineData("INFO  jepsen.util - 0	:invoke	:write	[1 2]")]
    [InlineData("INFO  jepsen.util - 0	:invoke	:cas	1")]
    [InlineData("INFO  jepsen.util - 0	:invoke	:flush	1")]
    [InlineData("INFO  jepsen.util - 0	:ok	:read	1")]
    [InlineData("nonsense")]
    public void A_line_of_a_register_log_without_sense_is_named(string line)
    {
        HistoryFormatException error = Assert.Throws<HistoryFormatException>(() => HistoryFile.Read($"INFO  jepsen.util - 1	:invoke	:write	1\n{line}", "a.log"));
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void A_completion_of_something_else_is_named() =>
        Assert.Contains(
            "process 1 has a Write under way since line 1, not a Read",
            Assert.Throws<HistoryFormatException>(() => HistoryFile.Read("INFO  jepsen.util - 1	:invoke	:write	1\nINFO  jepsen.util - 1	:ok	:read	1", "a.log")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_key_value_log_reads_absent_keys_as_empty()
    {
        IReadOnlyList<Operation<RegisterCall, RegisterResult>> history = HistoryFile.Read(
            """
            {:process 0, :type :invoke, :f :get, :key "1", :value nil}
            {:process 0, :type :ok, :f :get, :key "1", :value ""}
            {:process 0, :type :invoke, :f :append, :key "1", :value "a \"b\""}
            {:process 0, :type :ok, :f :append, :key "1", :value "a \"b\""}
            {:process 1, :type :invoke, :f :put, :key "2", :value "c"}
            {:process 0, :type :invoke, :f :get, :key "1", :value nil}
            {:process 0, :type :ok, :f :get, :key "1", :value "a \"b\""}
            """,
            "kv.txt");
        Assert.Equal(HistoryVerdict.Linearizable, LinearizabilityChecker.Check(RegisterModel.KeyValue, history).Verdict);
        Assert.Equal(HistoryVerdict.NotLinearizable, LinearizabilityChecker.Check(RegisterModel.Register, history).Verdict);
        Assert.Equal(OperationStatus.Unknown, history.Single(o => o.Key == "2").Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("hello")]
    [InlineData("{:process 0, :type :invoke, :f :increment, :key \"1\", :value nil}")]
    [InlineData("{:process 0, :type :invoke, :f :put, :key \"1\", :value nil}")]
    public void A_file_of_another_kind_is_refused(string text) => Assert.Throws<HistoryFormatException>(() => HistoryFile.Read(text, "x"));

    private static Operation<RegisterCall, RegisterResult> Read(string line) => HistoryFile.Read(line, "history.jsonl").Single();
}
