namespace BankSample.Node;

/// <summary>Ends this process with the one that started it, which holds the other end of standard input.</summary>
/// <remarks>
/// The pipe closes when the parent lets go of it, and also when the parent is killed. (Linux's "death signal" won't do: it is sent when the thread that
/// started the child ends, and in .NET that is any thread of the pool.)
/// </remarks>
internal static class ParentWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Calls <paramref name="stop"/> when standard input ends, and kills this process if it is still there some time later.</summary>
    public static void Begin(Action stop)
    {
        var thread = new Thread(() =>
        {
            using (Stream input = Console.OpenStandardInput())
            {
                Span<byte> ignored = stackalloc byte[256];
                while (input.Read(ignored) > 0)
                    continue;
            }

            stop();
            Thread.Sleep(Patience);
            Console.Error.WriteLine($"Still running {Patience.TotalSeconds:0} s after being asked to stop; giving up.");
            Environment.Exit(3);
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }
}
