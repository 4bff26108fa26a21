using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Reads the facts of a body from the compiler's operations. Safe for concurrent use.</summary>
internal sealed class BodyReader(HazardousSymbols project)
{
    /// <summary>What the tables say of the symbols that were met so far; a program uses the same few over and over.</summary>
    private readonly ConcurrentDictionary<ISymbol, SymbolVerdict> _verdicts = new(SymbolEqualityComparer.Default);

    /// <summary>Reads all blocks of one body: statements, expression, initializers of a constructor.</summary>
    public BodyFacts Read(ISymbol owner, IEnumerable<IOperation> blocks)
    {
        var facts = new BodyFacts();
        if (IsDeclaredSafe(owner))
            return facts;
        foreach (IOperation block in blocks)
        {
            var body = new Body(owner, block);
            foreach (IOperation operation in Executed(block))
                Visit(operation, body, facts);
            AliasedState.Inspect(body, facts);
        }

        return facts;
    }

    private static bool IsDeclaredSafe(ISymbol owner)
    {
        for (ISymbol? symbol = owner; symbol is not null and not INamespaceSymbol; symbol = symbol.ContainingSymbol)
        {
            if (symbol.HasAttribute(KnownNames.DeterministicSafeAttribute) || (symbol as IMethodSymbol)?.AssociatedSymbol?.HasAttribute(KnownNames.DeterministicSafeAttribute) == true)
                return true;
        }

        return false;
    }

    /// <summary>Everything below an operation that runs: the argument of nameof doesn't.</summary>
    private static IEnumerable<IOperation> Executed(IOperation block)
    {
        var open = new Stack<IOperation>();
        open.Push(block);
        while (open.Count > 0)
        {
            IOperation operation = open.Pop();
            if (operation is INameOfOperation)
                continue;
            yield return operation;
            foreach (IOperation child in operation.ChildOperations.Reverse())
                open.Push(child);
        }
    }

    private void Visit(IOperation operation, Body body, BodyFacts facts)
    {
        switch (operation)
        {
            case IInvocationOperation invocation:
                Use(invocation.TargetMethod, invocation, facts);
                HashCodes.Inspect(invocation, body, facts);
                TextHazards.Inspect(invocation, facts);
                UnorderedEnumeration.Inspect(invocation, body, facts);
                break;
            case IMethodReferenceOperation reference:
                Use(reference.Method, reference, facts);
                break;
            case IObjectCreationOperation creation:
                if (creation.Constructor is { } constructor)
                    Use(constructor, creation, facts);
                TextHazards.Inspect(creation, facts);
                UnorderedEnumeration.Inspect(creation, body, facts);
                break;
            case IPropertyReferenceOperation property:
                UseProperty(property, facts);
                StaticState.Inspect(property, facts);
                break;
            case IFieldReferenceOperation field:
                UseField(field, facts);
                StaticState.Inspect(field, facts);
                break;
            case IEventReferenceOperation @event:
                Check(@event.Event, @event, facts);
                break;
            case IBinaryOperation { OperatorMethod: { } binary }:
                Use(binary, operation, facts);
                break;
            case IUnaryOperation { OperatorMethod: { } unary }:
                Use(unary, operation, facts);
                break;
            case IConversionOperation { OperatorMethod: { } conversion }:
                Use(conversion, operation, facts);
                break;
            case ICollectionExpressionOperation collection:
                TextHazards.Inspect(collection, facts);
                break;
            case ISpreadOperation spread:
                UnorderedEnumeration.Inspect(spread, body, facts);
                break;
            case IForEachLoopOperation loop:
                UnorderedEnumeration.Inspect(loop, body, facts);
                break;
            case IInterpolationOperation interpolation:
                TextHazards.Inspect(interpolation, facts);
                break;
            case ILockOperation:
                facts.Add(DeterminismRules.Threading, ((Microsoft.CodeAnalysis.CSharp.Syntax.LockStatementSyntax)operation.Syntax).Expression, "lock");
                break;
            case IAwaitOperation:
                facts.Add(DeterminismRules.Threading, operation.Syntax);
                break;
            case ICatchClauseOperation clause:
                BroadCatch.Inspect(clause, facts);
                break;
            case IReturnOperation { ReturnedValue: { } returned }:
                UnorderedEnumeration.InspectResult(returned, body, facts);
                break;
        }

        StateWrites.Inspect(operation, body, facts);
        NestedCall.Inspect(operation, facts);
        Callbacks.Inspect(operation, body, facts);
        KeptContext.Inspect(operation, body, facts);
        WaitingQuery.Inspect(operation, facts);
    }

    private void UseProperty(IPropertyReferenceOperation property, BodyFacts facts)
    {
        Check(property.Property, property, facts);
        bool written = StateWrites.IsTarget(property);
        if (property.Property.GetMethod is { } getter && (!written || StateWrites.IsReadToo(property)))
            AddCall(getter, facts);
        if (property.Property.SetMethod is { } setter && written)
            AddCall(setter, facts);
        if (property.Property.IsStatic)
            facts.AddCall(property.Property.OriginalDefinition);
    }

    private void UseField(IFieldReferenceOperation field, BodyFacts facts)
    {
        Check(field.Field, field, facts);
        if (field.Field is { IsStatic: true, IsConst: false })
        {
            facts.AddCall(field.Field.OriginalDefinition);
            AddStaticConstructor(field.Field, facts);
        }
    }

    private void Use(IMethodSymbol method, IOperation operation, BodyFacts facts)
    {
        Check(method, operation, facts);
        AddCall(method, facts);
    }

    private static void AddCall(IMethodSymbol method, BodyFacts facts)
    {
        if (method.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.DelegateInvoke)
            return;
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        facts.AddCall(definition.PartialImplementationPart ?? definition);
        if (method.IsStatic || method.MethodKind == MethodKind.Constructor)
            AddStaticConstructor(method, facts);
    }

    private static void AddStaticConstructor(ISymbol member, BodyFacts facts)
    {
        foreach (IMethodSymbol constructor in member.ContainingType?.OriginalDefinition.StaticConstructors ?? [])
            facts.AddCall(constructor);
    }

    private void Check(ISymbol symbol, IOperation operation, BodyFacts facts)
    {
        SymbolVerdict verdict = _verdicts.GetOrAdd(symbol.OriginalDefinition, Judge);
        if (verdict.Rule is { } rule)
            facts.Add(rule, Place(operation), Name(symbol), verdict.Why.Length == 0 ? "" : ": " + verdict.Why);
    }

    private SymbolVerdict Judge(ISymbol symbol) =>
        project.Find(symbol) ?? (symbol.Locations.Any(static location => location.IsInSource) ? default : HazardousSymbols.BuiltIn.Find(symbol) ?? default);

    /// <summary>How a message names a symbol of the table.</summary>
    private static string Name(ISymbol symbol) =>
        symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? "new " + symbol.ContainingType.ToShortName()
        : symbol.ContainingType is { } type ? $"{type.ToShortName()}.{symbol.Name}"
        : symbol.Name;

    private static SyntaxNode Place(IOperation operation) => operation.Syntax;
}
