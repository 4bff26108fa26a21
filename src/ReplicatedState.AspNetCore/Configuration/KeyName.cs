namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>How keys are compared: <c>node_id</c>, <c>NodeId</c>, <c>nodeID</c> and <c>NODE-ID</c> are one.</summary>
internal static class KeyName
{
    public static string Normalize(string segment) =>
        string.Create(segment.Count(char.IsLetterOrDigit), segment, static (into, from) =>
        {
            int at = 0;
            foreach (char character in from)
            {
                if (char.IsLetterOrDigit(character))
                    into[at++] = char.ToLowerInvariant(character);
            }
        });
}
