/// <summary>Payments that are authorized, captured or voided.</summary>
[ReplicatedStateMachine("payments")]
public sealed partial class Payments
{
    [State] private readonly Dictionary<Guid, Payment> _payments = [];
    // PLANT RSM2004: [State] private decimal _captured; [Transient] private readonly IPaymentsClient? _ledger;
    [State] private decimal _captured;

    [Command]
    public Guid Authorize(decimal amount, CommandContext context)
    {
        if (amount <= 0)
            throw new CommandRejectedException("invalid_amount", "An amount is more than nothing.");
        Guid id = context.NewGuid();
        _payments.Add(id, new Payment(amount, PaymentState.Authorized));
        return id;
    }

    [Command]
    public decimal Capture(Guid id)
    {
        Payment payment = Find(id, PaymentState.Authorized);
        _payments[id] = payment with { State = PaymentState.Captured };
        _captured += payment.Amount;
        return _captured;
    }

    [Command]
    public void Void(Guid id) => _payments[id] = Find(id, PaymentState.Authorized) with { State = PaymentState.Voided };

    [Query]
    public decimal Captured() => _captured;

    private Payment Find(Guid id, PaymentState expected)
    {
        // PLANT RSM1005: if (!_payments.TryGetValue(id, out Payment? payment)) { Console.Error.WriteLine(id); throw new CommandRejectedException("unknown", "There is no such payment."); }
        if (!_payments.TryGetValue(id, out Payment? payment)) { throw new CommandRejectedException("unknown", $"There is no payment {id}."); }
        return payment.State == expected ? payment : throw new CommandRejectedException("wrong_state", $"Payment {id} is {payment.State}.");
    }
}

public enum PaymentState : byte { Authorized, Captured, Voided }

public sealed record Payment(decimal Amount, PaymentState State);
