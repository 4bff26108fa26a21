using System.Net.Security;

namespace ReplicatedState.Client;

/// <summary>Settings of a <see cref="ReplicatedStateClient"/>. Read once, when the client is made.</summary>
public sealed class ReplicatedStateClientOptions
{
    /// <summary>The nodes to begin with, <c>host:port</c> of their peer and client endpoints. Others are learnt from the answers. At least one.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>The machine of <see cref="ReplicatedStateClient.Machine(string?)"/> calls that name none; null where the cluster hosts only one.</summary>
    public string? Machine { get; set; }

    /// <summary>How long a call may take, with all its retries. A command also ends after half of <see cref="SessionTtl"/>. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one node may take to answer before the call is sent again (<c>transport.timeout</c>). Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to open (<c>transport.connection_timeout</c>). Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether idle connections are pinged (<c>transport.keep_alive</c>). Default true.</summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>How long a connection is silent before it is pinged (<c>transport.keep_alive_interval</c>). Default 30 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may stay unanswered before the connection counts as dead (<c>transport.keep_alive_timeout</c>). Default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest encoded command, query or result in bytes (<c>transport.max_message_size</c>). Default 4 MiB.</summary>
    public int MaxMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The group's session lifetime. A command is not sent again after half of it, so that a retry never meets an expired session. Default 10 min.</summary>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>When and how often a call is sent again.</summary>
    public ResilienceOptions Resilience { get; set; } = new();

    /// <summary>Set for encrypted connections: what to accept, what to present. Null for cleartext HTTP/2.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>Where time comes from; tests replace it.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidConfigurationException">The message names the setting and the mistake.</exception>
    public void Validate()
    {
        if (Endpoints.Count == 0)
            throw new InvalidConfigurationException("The client has no endpoints: name at least one node as host:port.");
        foreach (string endpoint in Endpoints)
        {
            if (!Uri.TryCreate($"http://{endpoint}", UriKind.Absolute, out Uri? uri) || uri.AbsolutePath != "/" || uri.Host.Length == 0)
                throw new InvalidConfigurationException($"The endpoint '{endpoint}' is not of the form host:port.");
        }

        RequirePositive(CallTimeout, nameof(CallTimeout));
        RequirePositive(AttemptTimeout, nameof(AttemptTimeout));
        RequirePositive(ConnectTimeout, nameof(ConnectTimeout));
        RequirePositive(KeepAliveInterval, nameof(KeepAliveInterval));
        RequirePositive(KeepAliveTimeout, nameof(KeepAliveTimeout));
        RequirePositive(SessionTtl, nameof(SessionTtl));
        if (MaxMessageSize < 1024)
            throw new InvalidConfigurationException($"{nameof(MaxMessageSize)} is {MaxMessageSize} bytes; at least 1024 are needed.");
        Resilience.Validate();
    }

    private static void RequirePositive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero)
            throw new InvalidConfigurationException($"{name} is {value}; it must be positive.");
    }
}
