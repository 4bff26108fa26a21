namespace ReplicatedState.Runtime.Requests;

/// <summary>Where adapters (gRPC, in-process, REST) put their clients' calls.</summary>
public interface IRequestSink
{
    /// <summary>Takes a call in. Never blocks and never throws: a call that can't be taken is completed with a refusal before this returns. Any thread.</summary>
    void Submit(NodeRequest request);
}
