namespace ReplicatedState.Histories.Tests;

/// <summary>What the program prints, and how it exits.</summary>
public sealed class ProgramTests : IDisposable
{
    private const string Good = """{"c":1,"call":1,"ret":2,"k":"x","op":"w","a":1,"st":"ok"}""";
    private const string Bad = Good + "\n" + """{"c":2,"call":3,"ret":4,"k":"x","op":"r","out":2,"st":"ok"}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("histories").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_file_gets_a_line_with_its_verdict_and_its_name()
    {
        Assert.Equal(1, Run("check", "--model", "register", Write("good.jsonl", Good), Write("bad.jsonl", Bad), Write("torn.jsonl", Good[..20])));
        Assert.Equal(["linearizable good.jsonl", "not linearizable bad.jsonl", "inconclusive torn.jsonl"], Lines(_output));
        Assert.Contains("bad.jsonl: Key 'x' is not linearizable: 'read → 2' of client 2", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("torn.jsonl(1): this is no JSON object", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_exit_code_is_0_where_all_are_linearizable_and_2_where_one_cannot_be_read()
    {
        string good = Write("good.jsonl", Good);
        Assert.Equal(0, Run("check", "--model", "kv", good));
        Assert.Equal(2, Run("check", "--model", "kv", good, Path.Combine(_folder, "absent")));
    }

    [Fact]
    public void A_budget_that_is_too_small_is_inconclusive()
    {
        Assert.Equal(2, Run("check", "--model", "register", "--budget", "1", Write("long.jsonl", string.Join('\n', Good, Good, Good))));
        Assert.Equal(["inconclusive long.jsonl"], Lines(_output));
        Assert.Contains("is undecided: 1 states were explored", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_decide_about_the_exit_code_where_they_are_given()
    {
        string[] files = [Write("good.jsonl", Good), Write("bad.jsonl", Bad)];
        Assert.Equal(0, Run(["check", "--model", "register", "--expect", Write("labels.csv", "file,linearizable\ngood.jsonl,true\nbad.jsonl,false\n"), .. files]));
        Assert.Equal(1, Run(["check", "--model", "register", "--expect", Write("labels.csv", "file,linearizable\ngood.jsonl,true\nbad.jsonl,true\n"), .. files]));
        Assert.Contains("bad.jsonl is labelled linearizable.", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Run(["check", "--model", "register", "--expect", Write("labels.csv", "file,linearizable\ngood.jsonl,true\n"), .. files]));
        Assert.Equal(2, Run(["check", "--model", "register", "--expect", Write("labels.csv", "file,linearizable\ngood.jsonl,perhaps\n"), .. files]));
    }

    [Fact]
    public void The_first_violation_is_drawn()
    {
        string picture = Path.Combine(_folder, "picture.html");
        Run("check", "--model", "register", "--picture", picture, Write("bad.jsonl", Bad));
        string page = File.ReadAllText(picture);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"bad\"", page, StringComparison.Ordinal);
        Assert.Contains("read → 2", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("What shall be done")]
    [InlineData("--model register or --model kv is missing", "check", "x")]
    [InlineData("Which files", "check", "--model", "kv")]
    [InlineData("There is no model list", "check", "--model", "list", "x")]
    [InlineData("--budget 0 is no number from 1", "check", "--model", "kv", "--budget", "0", "x")]
    [InlineData("--fast is not known", "check", "--model", "kv", "--fast", "x")]
    [InlineData("--expect needs a value", "check", "--model", "kv", "--expect")]
    public void Arguments_that_make_no_sense_are_named(string what, params string[] args)
    {
        Assert.Equal(2, Run(args));
        Assert.Contains(what, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Usage:", _error.ToString(), StringComparison.Ordinal);
    }

    private int Run(params string[] args) => Program.Run(args, _output, _error);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string[] Lines(StringWriter text) => text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
