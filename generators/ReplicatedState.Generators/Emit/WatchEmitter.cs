using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the client's methods that watch events.</summary>
internal static class WatchEmitter
{
    private const string Event = "global::ReplicatedState.MachineEvent";
    private const string Position = "global::ReplicatedState.EventPosition";
    private const string Watch = "global::ReplicatedState.EventWatch";

    public static void EmitDeclaration(CodeWriter code, EventModel item)
    {
        code.Separate();
        code.Line($"/// <summary>The events <c>{item.Name.Replace("<", "&lt;")}</c>, in the order of the log, each once, until the watch is cancelled or ends with an error.</summary>");
        code.Line("/// <param name=\"from\">Where to begin, or to go on; by default with what is emitted from now on.</param>");
        code.Line("/// <param name=\"cancellationToken\">Ends the watch with <see cref=\"global::System.OperationCanceledException\"/>.</param>");
        code.Line("/// <exception cref=\"global::ReplicatedState.TooFarBehindException\">Events from the position on are no longer kept.</exception>");
        code.Line($"{Signature(item)};");
    }

    public static void EmitMethod(CodeWriter code, EventModel item, CodecCalls codecs)
    {
        code.Separate();
        code.Line("/// <inheritdoc/>");
        code.Line($"public {Signature(item)} =>");
        code.Line($"    {Watch}.WatchAsync(_channel, {Literal(item.Id)}, {Quote(item.Name)}, static (ref {Reader} reader) => {codecs.Read(item.Type, $"{DecodeOrigin}.Reply")}, from, cancellationToken);");
    }

    private static string Signature(EventModel item) =>
        $"global::System.Collections.Generic.IAsyncEnumerable<{Event}<{item.TypeName}>> Watch{item.Identifier}Async({Position} from = default, global::System.Threading.CancellationToken cancellationToken = default)";
}
