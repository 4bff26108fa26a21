/// <summary>Roles and what they may do.</summary>
[ReplicatedStateMachine("permissions")]
public sealed partial class Permissions
{
    [State] private readonly Dictionary<string, HashSet<string>> _roles = new(StringComparer.OrdinalIgnoreCase);
    [State] private readonly Dictionary<string, List<string>> _users = [];

    [Command]
    public void Grant(string role, string permission)
    {
        if (!_roles.TryGetValue(role, out HashSet<string>? permissions))
            // PLANT RSM1009: _roles.Add(role, permissions = new HashSet<string>(StringComparer.InvariantCultureIgnoreCase));
            _roles.Add(role, permissions = new HashSet<string>());
        permissions.Add(permission);
    }

    [Command]
    public void Assign(string user, string role)
    {
        if (!_users.TryGetValue(user, out List<string>? roles))
            _users.Add(user, roles = []);
        if (!roles.Contains(role))
            roles.Add(role);
    }

    [Query]
    public bool May(string user, string permission) =>
        _users.TryGetValue(user, out List<string>? roles) && roles.Any(role => _roles.TryGetValue(role, out HashSet<string>? permissions) && permissions.Contains(permission));
}
