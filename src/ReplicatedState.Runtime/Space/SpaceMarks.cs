using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Runtime.Space;

/// <summary>The amounts of free space at which a node changes what it takes in, for one device.</summary>
/// <param name="LowBytes">With less than this the node takes no writes; 0 where space is not watched.</param>
/// <param name="ResumeBytes">With this much or more it takes them again.</param>
/// <param name="ReserveBytes">The size of the reserve.</param>
/// <remarks>
/// The absolute mark and the share of the device both count, whichever is larger: a log that grows by gigabytes needs more warning on a large device. But a quarter of the device
/// at most: what is left of a small one, a container's or a test's, must be of use. The reserve is an eighth of the mark at most, so that making or giving it up
/// alone never crosses from one mark to the other.
/// </remarks>
internal readonly record struct SpaceMarks(long LowBytes, long ResumeBytes, long ReserveBytes)
{
    private const int DeviceShareMax = 4;
    private const int ReserveShare = 8;

    /// <summary>The marks of a device of a size.</summary>
    public static SpaceMarks Of(StorageOptions options, long deviceBytes)
    {
        if (options.LowSpaceBytes == 0)
            return default;
        long share = (long)(deviceBytes * (options.LowSpacePercent / 100.0));
        long low = Math.Min(Math.Max(options.LowSpaceBytes, share), deviceBytes / DeviceShareMax);
        return new SpaceMarks(low, low + (low / 2), Math.Min(options.ReserveBytes, low / ReserveShare));
    }
}
