using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing;

/// <summary>What becomes of one frame.</summary>
internal enum FrameFate
{
    /// <summary>It arrives.</summary>
    Arrives,

    /// <summary>It is lost.</summary>
    Lost,

    /// <summary>It arrives twice.</summary>
    Doubled,

    /// <summary>It arrives behind frames that were sent after it.</summary>
    Late,
}

/// <summary>Decides on a frame that is being sent.</summary>
internal delegate FrameFate FrameJudge(string from, string to, Lane lane, ReadOnlySpan<byte> frame);
