namespace System.Runtime.CompilerServices;

/// <summary>The marker that records need and netstandard2.0 lacks.</summary>
internal static class IsExternalInit;
