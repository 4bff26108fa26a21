using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using ReplicatedState.Consensus;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Testing.Exhaustive;

/// <summary>What of each type makes a state: all of its fields, but for those named here.</summary>
internal static class StateFields
{
    /// <summary>Fields that differ between worlds that behave alike, and why they may.</summary>
    private static readonly FrozenSet<(Type, string)> Skipped = new[]
    {
        (typeof(RaftCore), "_lastToken"), // operations are told apart by their order
        (typeof(RaftCore), "_spare"), // empty objects, kept to be used again
        (typeof(RaftCore), "_electionElapsed"), // no timer runs out in a search
        (typeof(RaftCore), "_electionTimeoutTicks"),
        (typeof(RaftCore), "_heartbeatElapsed"),
        (typeof(RaftCore), "_campaigns"), // how long the election timer waits
        (typeof(Persist), "<Token>k__BackingField"),
        (typeof(PersistedOperation), "<Token>k__BackingField"),
        (typeof(CoreNode), "<Incarnation>k__BackingField"), // tells reads of different starts apart, and they do so by their sequence
        (typeof(CoreNode), "<Number>k__BackingField"), // its identity is hashed instead
        (typeof(CoreNode), "<ReadsServed>k__BackingField"), // a statistic
    }.ToFrozenSet();

    /// <summary>What is the same in all worlds of a search, or empty between steps.</summary>
    private static readonly FrozenSet<Type> Constant = new[]
    {
        typeof(CoreConfig), typeof(IRng), typeof(ITraceSink), typeof(ILogReader), typeof(Effects), typeof(Configuration),
    }.ToFrozenSet();

    static StateFields()
    {
        foreach ((Type type, string name) in Skipped)
        {
            if (!FieldsOf(type).Any(field => field.Name == name))
                throw new InvalidOperationException($"{type.Name} has no field {name} any more that a search could leave out.");
        }
    }

    /// <summary>How to visit a type.</summary>
    public static class Of<T>
    {
        public static readonly Action<StateHasher, T> Visit = (Action<StateHasher, T>)Build(typeof(T));
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }

    private static Delegate Build(Type type)
    {
        if (type == typeof(TraceHash))
            return (Action<StateHasher, TraceHash>)((hasher, hash) => hasher.AddHash(hash));
        if (type == typeof(RaftId))
            return (Action<StateHasher, RaftId>)((hasher, id) => hasher.AddNode(id));
        if (type == typeof(List<Progress>)) // sorted by identity, each with its own
            return (Action<StateHasher, List<Progress>>)((hasher, members) => hasher.AddUnordered(members));
        if (type == typeof(List<Message>)) // in order for each receiver
            return (Action<StateHasher, List<Message>>)AddMessages;
        if (type == typeof(Entry))
            return (Action<StateHasher, Entry>)((hasher, entry) => hasher.AddEntry(entry));
        if (type == typeof(EntryLog))
            return (Action<StateHasher, EntryLog>)AddLog;
        if (type.IsPrimitive || type.IsEnum)
            return Generic(nameof(Number), type);
        if (type.IsArray)
            return Generic(nameof(Array), type.GetElementType()!);
        if (type.IsGenericType && KnownGeneric(type) is { } known)
            return known;
        if (type.IsInterface || type.IsAbstract || type == typeof(string) || typeof(Delegate).IsAssignableFrom(type))
            throw new InvalidOperationException($"A search doesn't know how to hash {type}: say how in StateFields, or name the field that needn't be.");
        return AllFields(type);
    }

    private static Delegate? KnownGeneric(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        Type definition = type.GetGenericTypeDefinition();
        return definition == typeof(Nullable<>) ? Generic(nameof(Optional), arguments)
            : definition == typeof(List<>) ? Generic(nameof(Items), arguments)
            : definition == typeof(Queue<>) || definition == typeof(Stack<>) ? Generic(nameof(Ordered), type, arguments[0])
            : definition == typeof(Dictionary<,>) ? Generic(nameof(Pairs), arguments)
            : definition == typeof(HashSet<>) ? Generic(nameof(Members), arguments)
            : definition == typeof(PriorityQueue<,>) ? Generic(nameof(Prioritized), arguments)
            : definition == typeof(ReadOnlyMemory<>) ? Generic(nameof(Slice), arguments)
            : null;
    }

    private static Delegate Generic(string method, params Type[] arguments) =>
        (Delegate)typeof(StateFields).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(arguments).Invoke(null, null)!;

    /// <summary>Compiles a visit of every field, in the order of declaration; nothing is visited of a null.</summary>
    private static Delegate AllFields(Type type)
    {
        ParameterExpression hasher = Expression.Parameter(typeof(StateHasher));
        ParameterExpression value = Expression.Parameter(type);
        MethodInfo add = typeof(StateHasher).GetMethod(nameof(StateHasher.Add))!;
        MethodInfo number = typeof(StateHasher).GetMethod(nameof(StateHasher.AddNumber), BindingFlags.Instance | BindingFlags.NonPublic)!;
        List<Expression> visits = [];
        foreach (FieldInfo field in FieldsOf(type))
        {
            if (!Skipped.Contains((field.DeclaringType!, field.Name)) && !Constant.Contains(field.FieldType))
                visits.Add(Expression.Call(hasher, add.MakeGenericMethod(field.FieldType), Expression.Field(value, field)));
        }

        visits.Add(Expression.Call(hasher, number, Expression.Constant((ulong)visits.Count)));
        Expression body = Expression.Block(visits);
        if (!type.IsValueType)
        {
            Expression isNull = Expression.ReferenceEqual(value, Expression.Constant(null, type));
            body = Expression.IfThenElse(isNull, Expression.Call(hasher, number, Expression.Constant(ulong.MaxValue)), body);
        }

        return Expression.Lambda(typeof(Action<,>).MakeGenericType(typeof(StateHasher), type), body, hasher, value).Compile();
    }

    private static void AddLog(StateHasher hasher, EntryLog log)
    {
        hasher.Add(log.Base);
        hasher.Add(log.Snapshot);
        hasher.AddNumber(log.LastIndex);
        for (ulong index = log.FirstIndex; index <= log.LastIndex; index++)
            hasher.AddEntry(log[index]);
    }

    private static void AddMessages(StateHasher hasher, List<Message> messages) =>
        hasher.AddUnordered(messages.Select((message, at) => (message, messages.Take(at).Count(earlier => earlier.To == message.To))));

    private static Action<StateHasher, T> Number<T>()
    {
        ParameterExpression hasher = Expression.Parameter(typeof(StateHasher));
        ParameterExpression value = Expression.Parameter(typeof(T));
        MethodInfo number = typeof(StateHasher).GetMethod(nameof(StateHasher.AddNumber), BindingFlags.Instance | BindingFlags.NonPublic)!;
        Expression bits = typeof(T) == typeof(bool)
            ? Expression.Condition(value, Expression.Constant(1UL), Expression.Constant(0UL))
            : Expression.Convert(value, typeof(ulong));
        return Expression.Lambda<Action<StateHasher, T>>(Expression.Call(hasher, number, bits), hasher, value).Compile();
    }

    private static Action<StateHasher, T?> Optional<T>()
        where T : struct =>
        (hasher, value) =>
        {
            hasher.AddNumber(value.HasValue ? 1UL : 0UL);
            if (value is { } content)
                hasher.Add(content);
        };

    private static Action<StateHasher, T[]> Array<T>() => (hasher, values) => hasher.AddSequence<T>(values);

    private static Action<StateHasher, ReadOnlyMemory<T>> Slice<T>() => (hasher, values) => hasher.AddSequence(values.Span);

    private static Action<StateHasher, List<T>> Items<T>() => (hasher, values) => hasher.AddSequence<T>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));

    private static Action<StateHasher, TList> Ordered<TList, T>()
        where TList : IReadOnlyCollection<T> =>
        (hasher, values) =>
        {
            hasher.AddNumber((ulong)values.Count);
            if (values.Count == 0)
                return;
            foreach (T value in values)
                hasher.Add(value);
        };

    private static Action<StateHasher, Dictionary<TKey, TValue>> Pairs<TKey, TValue>()
        where TKey : notnull =>
        (hasher, pairs) => hasher.AddUnordered(pairs);

    private static Action<StateHasher, HashSet<T>> Members<T>() => (hasher, members) => hasher.AddUnordered(members);

    private static Action<StateHasher, PriorityQueue<TElement, TPriority>> Prioritized<TElement, TPriority>() =>
        (hasher, queue) => hasher.AddUnordered(queue.UnorderedItems);
}
