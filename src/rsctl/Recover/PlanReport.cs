using System.Globalization;
using ReplicatedState.Runtime.Recovery;

namespace ReplicatedState.Cli.Recover;

/// <summary>A recovery's plan for a human: what is kept, what is uncertain, and what nobody can know from here.</summary>
internal static class PlanReport
{
    public static void Write(RecoveryPlan plan, TextWriter to)
    {
        to.WriteLine($"Node '{plan.Node}' ({plan.RaftId}) of the cluster {plan.Cluster}, epoch {plan.Epoch}");
        to.WriteLine($"becomes the only member of epoch {plan.NewEpoch}.{(plan.IsUnfinished ? " This was begun before, and is to be finished." : "")}");
        to.WriteLine(plan.Left.Count == 0 ? "It is the only member already." : $"Left out, and refused from then on: {string.Join(", ", plan.Left)}");
        to.WriteLine();
        int width = Math.Max("group".Length, plan.Groups.Max(static group => group.Name.Length));
        to.WriteLine($"{"group".PadRight(width)}  {"term",6}  {"snapshot",10}  {"committed",10}  {"kept up to",10}  configuration in the log");
        foreach (GroupRecovery group in plan.Groups)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Name.PadRight(width)}  {group.Term,6}  {group.Snapshot,10}  {group.Commit,10}  {group.Last.Index,10}  {group.Configuration}"));
        }

        to.WriteLine();
        foreach (GroupRecovery group in plan.Groups.Where(static group => group.IsEmpty))
            to.WriteLine($"Of '{group.Name}' nothing is stored here: it would begin empty (--accept-empty-groups).");
        to.WriteLine("'committed' is what the node knew: a lower bound. Everything it holds is kept, and becomes committed when it starts.");
        to.WriteLine("What the others acknowledged and this node never received is lost; it can't be counted from here. Compare the survivors.");
    }
}
