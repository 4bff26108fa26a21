using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Where the object of a machine came from.</summary>
internal enum MachineOrigin
{
    /// <summary>From somewhere else; it may be one that the caller made.</summary>
    Unknown,

    /// <summary>The type made it, or looks into a machine in memory.</summary>
    Own,

    /// <summary>From dependency injection.</summary>
    Injected,
}

/// <summary>Says where the machines come from that the code of one type calls. Safe for concurrent use.</summary>
internal sealed class MachineOrigins
{
    private readonly ConcurrentDictionary<ISymbol, MachineOrigin> _members = new(SymbolEqualityComparer.Default);

    /// <summary>Remembers what a member was given. One that was made once is the type's own.</summary>
    public void Note(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } target && IsMachine(assignment.Target.Type))
            Note(target.Member, assignment.Value);
    }

    /// <summary>Remembers what a member was declared with.</summary>
    public void Note(ISymbolInitializerOperation initializer)
    {
        System.Collections.Generic.IEnumerable<ISymbol> members = initializer switch
        {
            IFieldInitializerOperation field => field.InitializedFields,
            IPropertyInitializerOperation property => property.InitializedProperties,
            _ => [],
        };
        foreach (ISymbol member in members.Where(member => IsMachine(member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type)))
            Note(member, initializer.Value);
    }

    /// <summary>Where the receiver of a call comes from.</summary>
    public MachineOrigin Of(IOperation? receiver)
    {
        for (int steps = 0; steps < 16; steps++)
        {
            switch (Body.Unwrap(receiver))
            {
                case IObjectCreationOperation or IInstanceReferenceOperation:
                    return MachineOrigin.Own;
                case IConditionalAccessInstanceOperation instance:
                    receiver = MachineMembers.Accessed(instance);
                    break;
                case ILocalReferenceOperation local:
                    receiver = ValueOf(local);
                    break;
                case IParameterReferenceOperation parameter:
                    return Of(parameter);
                case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member:
                    return Of(member.Member);
                case IInvocationOperation call:
                    return Of(call);
                default:
                    return MachineOrigin.Unknown;
            }
        }

        return MachineOrigin.Unknown;
    }

    private MachineOrigin Of(ISymbol member)
    {
        if (_members.TryGetValue(member, out MachineOrigin known))
            return known;
        if (MachineClients.IsGenerated(member.ContainingType) || member.ContainingType?.ToMetadataName() == "ReplicatedState.InMemoryMachine")
            return MachineOrigin.Own;
        return member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "InjectAttribute") ? MachineOrigin.Injected : MachineOrigin.Unknown;
    }

    private static MachineOrigin Of(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "GetService" or "GetRequiredService" or "GetKeyedService" or "GetRequiredKeyedService" } => MachineOrigin.Injected,
        { Name: "Create", ContainingType: { } type } when type.ToMetadataName() == "ReplicatedState.StateMachineDefinition" => MachineOrigin.Own,
        _ => MachineOrigin.Unknown,
    };

    /// <summary>Nobody but a container calls the constructors of controllers and services, and the handlers of routes.</summary>
    private static MachineOrigin Of(IParameterReferenceOperation reference)
    {
        IParameterSymbol parameter = reference.Parameter;
        bool isInjected = parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
            || parameter.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name is "FromServicesAttribute" or "FromKeyedServicesAttribute")
            || parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction } && IsRouteHandler(reference, parameter.ContainingSymbol)
            || DerivesFrom(parameter.ContainingType, "Microsoft.AspNetCore.Mvc.ControllerBase")
            || DerivesFrom(parameter.ContainingType, "Microsoft.AspNetCore.SignalR.Hub");
        return isInjected ? MachineOrigin.Injected : MachineOrigin.Unknown;
    }

    private static bool IsRouteHandler(IOperation inside, ISymbol function)
    {
        for (IOperation? operation = inside; operation is not null; operation = operation.Parent)
        {
            if (operation is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, function))
            {
                while (operation is not null and not IInvocationOperation)
                    operation = operation.Parent;
                return operation is IInvocationOperation { TargetMethod: { } mapped } && (mapped.ReducedFrom ?? mapped).Parameters.Any(static parameter => parameter.Type.Name == "IEndpointRouteBuilder");
            }
        }

        return false;
    }

    private static bool DerivesFrom(INamedTypeSymbol? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.ToMetadataName() == name)
                return true;
        }

        return false;
    }

    private void Note(ISymbol member, IOperation value)
    {
        if (Of(value) is var origin && origin == MachineOrigin.Unknown)
            return;
        _members.AddOrUpdate(member, origin, (_, before) => before == MachineOrigin.Own || origin == MachineOrigin.Own ? MachineOrigin.Own : before == MachineOrigin.Injected ? before : origin);
    }

    private static IOperation? ValueOf(ILocalReferenceOperation local)
    {
        IOperation root = local;
        while (root.Parent is not null)
            root = root.Parent;
        return new Body(local.SemanticModel!.GetEnclosingSymbol(local.Syntax.SpanStart)!, root).ValueOf(local.Local);
    }

    private static bool IsMachine(ITypeSymbol? type) => type is not null && type.HasAttribute(KnownNames.MachineAttribute);
}
