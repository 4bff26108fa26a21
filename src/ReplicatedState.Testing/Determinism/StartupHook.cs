using ReplicatedState.Testing.Determinism;

#pragma warning disable CA1050, IDE1006 // the runtime wants this name, and no namespace

/// <summary>What the runtime calls before an application's own code, where DOTNET_STARTUP_HOOKS names this assembly: only a determinism probe does.</summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => ProbeChild.RunIfAsked();
}
