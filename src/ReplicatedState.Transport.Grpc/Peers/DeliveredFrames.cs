namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>What is left of a message whose frames went to their sink already: nothing.</summary>
internal sealed class DeliveredFrames
{
    public static readonly DeliveredFrames Instance = new();

    private DeliveredFrames()
    {
    }
}
