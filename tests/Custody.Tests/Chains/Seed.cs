namespace Custody.Tests.Chains;

/// <summary>Random values that a run prints the seed of; CUSTODY_SEED runs it again.</summary>
internal static class Seed
{
    public static Random New()
    {
        var seed = Environment.GetEnvironmentVariable("CUSTODY_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        TestContext.Out.WriteLine($"CUSTODY_SEED={seed}");
        return new Random(seed);
    }

    public static byte[] Bytes(this Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
