using System.Buffers;
using MessagePack;

namespace ReplicatedState.Batches;

/// <summary>Writes the reply to a batch, outcome by outcome. The same outcomes give the same bytes everywhere: replicas compare them.</summary>
internal ref struct BatchReplyWriter
{
    private MessagePackWriter _writer;
    private int _resultBytes;

    /// <summary>Writes the header.</summary>
    public BatchReplyWriter(IBufferWriter<byte> body, int count)
    {
        _writer = new MessagePackWriter(body);
        _writer.WriteArrayHeader(count);
    }

    /// <summary>A command has a result, which is left out where there is no room for it.</summary>
    public void AddResult(ReadOnlySpan<byte> result)
    {
        if (result.Length > BatchFormat.ResultBytesMax - _resultBytes)
        {
            Begin(ReplyStatus.ReplyUnavailable, 1);
            return;
        }

        _resultBytes += result.Length;
        Begin(ReplyStatus.Ok, 2);
        _writer.WriteRaw(result);
    }

    /// <summary>A command was rejected.</summary>
    public void AddRejection(string code, string message)
    {
        Begin(ReplyStatus.Rejected, 3);
        _writer.Write(code);
        _writer.Write(message);
    }

    /// <summary>A command threw. Not the message, which varies with culture and runtime.</summary>
    public void AddFailure(string exceptionType)
    {
        Begin(ReplyStatus.Failed, 2);
        _writer.Write(exceptionType);
    }

    /// <summary>The last outcome has been added.</summary>
    public void End() => _writer.Flush();

    private void Begin(ReplyStatus status, int parts)
    {
        _writer.WriteArrayHeader(parts);
        _writer.Write((byte)status);
    }
}
