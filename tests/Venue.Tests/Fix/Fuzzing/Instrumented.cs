using System.Reflection;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>
/// A second Venue.Fix in this process, in which every branch leaves a mark, and a second copy of these tests that is bound
/// to it. The marks are SharpFuzz's, as for AFL: one byte for each pair of branches taken one after the other.
/// </summary>
internal sealed unsafe class Instrumented : AssemblyLoadContext, IDisposable
{
    private const int MapBytes = 1 << 16;
    private const string Library = "Venue.Fix";

    private readonly string _folder = Directory.CreateTempSubdirectory("venue-fuzz-").FullName;
    private readonly byte[] _map = GC.AllocateArray<byte>(MapBytes, pinned: true);
    private readonly Assembly _tests;

    public Instrumented() : base("instrumented", isCollectible: true)
    {
        var path = Path.Combine(_folder, Library + ".dll");
        File.Copy(typeof(Venue.Fix.Session).Assembly.Location, path);
        Fuzzer.Instrument(path, static _ => true, Options.Value);
        Trace.SharedMem = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _map[0]);
        _tests = LoadFromAssemblyPath(typeof(Instrumented).Assembly.Location);
    }

    /// <summary>Times that each pair of branches was taken, since <see cref="Begin"/>; wraps around at 256.</summary>
    public ReadOnlySpan<byte> Map => _map;

    /// <summary>Forgets all marks.</summary>
    public void Begin()
    {
        _map.AsSpan().Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>A method of <see cref="Targets"/>, of the copy whose Venue.Fix leaves marks.</summary>
    public Action<byte[]> Target(string name) =>
        _tests.GetType(typeof(Targets).FullName!)!.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action<byte[]>>();

    protected override Assembly? Load(AssemblyName name) => name.Name == Library ? LoadFromAssemblyPath(Path.Combine(_folder, Library + ".dll")) : null;

    public void Dispose()
    {
        Unload();
        Directory.Delete(_folder, recursive: true);   // Linux keeps what is mapped
    }
}
