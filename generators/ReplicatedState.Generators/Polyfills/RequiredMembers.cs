using System;

namespace System.Runtime.CompilerServices
{
    /// <summary>The marker that <c>required</c> members need and netstandard2.0 lacks.</summary>
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class RequiredMemberAttribute : Attribute;

    /// <summary>See <see cref="RequiredMemberAttribute"/>.</summary>
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        public string FeatureName { get; } = featureName;
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    /// <summary>See <see cref="System.Runtime.CompilerServices.RequiredMemberAttribute"/>.</summary>
    [AttributeUsage(AttributeTargets.Constructor)]
    internal sealed class SetsRequiredMembersAttribute : Attribute;
}
