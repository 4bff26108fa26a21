using System.Buffers;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>The commands of the system group as bytes.</summary>
public static class SystemCommandEncoding
{
    /// <summary>Writes the array that a proposal to the system group carries behind its <see cref="Apply.CommandHeader"/>.</summary>
    public static void WriteTo<TCommand>(this TCommand command, IBufferWriter<byte> into)
        where TCommand : ISystemCommand<TCommand>
    {
        var writer = new MessagePackWriter(into);
        CallFormat.WriteHeader(ref writer, TCommand.Id, TCommand.ArgumentCount);
        command.WriteArguments(ref writer);
        writer.Flush();
    }

    /// <summary>Reads what stands behind the id of a command.</summary>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded, or aren't as many as the command takes.</exception>
    internal static TCommand ReadFrom<TCommand>(ref MessagePackReader reader, int argumentCount)
        where TCommand : ISystemCommand<TCommand>
    {
        string name = typeof(TCommand).Name;
        if (argumentCount != TCommand.ArgumentCount)
            throw CallFormat.Surplus(name, TCommand.ArgumentCount, argumentCount);
        try
        {
            return TCommand.ReadArguments(ref reader);
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw new InvalidCommandException($"The arguments of {name} can't be decoded: {error.Message}", error);
        }
    }
}
