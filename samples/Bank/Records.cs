namespace BankSample;

/// <summary>An account and what it holds.</summary>
public sealed record Account(Guid Number, string Owner, long Balance, DateTimeOffset OpenedAt);

/// <summary>An order to move money, under an id that its sender chose.</summary>
public sealed record Transfer(Guid Id, Guid From, Guid To, long Amount);

/// <summary>What a transfer left behind.</summary>
public sealed record Receipt(Guid Transfer, long FromBalance, long ToBalance, DateTimeOffset ExecutedAt);

/// <summary>Sums over the books.</summary>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="Money">What they hold together; transfers never change it.</param>
/// <param name="Transfers">How many different transfers were executed.</param>
/// <param name="Executions">How often, in all; equal to <paramref name="Transfers"/> if each was executed once.</param>
public sealed record BankTotals(int Accounts, long Money, long Transfers, long Executions);
