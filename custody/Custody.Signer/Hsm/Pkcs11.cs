using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;

namespace Custody.Signer.Hsm;

/// <summary>One PKCS#11 library, loaded once for the life of the process.</summary>
internal sealed partial class Pkcs11 : IDisposable
{
    public static readonly Pkcs11InteropFactories Factories = new();
    private readonly IPkcs11Library _library;

    static Pkcs11()
    {
        // Pkcs11Interop asks for libdl, a name that only development packages have.
        NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) => name is "libdl" or "libdl.so"
            ? NativeLibrary.Load("libdl.so.2")
            : 0);
    }

    private Pkcs11(IPkcs11Library library) => _library = library;

    /// <param name="path">The vendor's library.</param>
    /// <param name="softHsmConf">SoftHSM's settings file; null for other HSMs.</param>
    public static Pkcs11 Open(string path, string? softHsmConf)
    {
        // SoftHSM reads it with getenv, which does not see what .NET keeps as its environment.
        if (softHsmConf is not null && setenv("SOFTHSM2_CONF", softHsmConf, 1) != 0) throw new IOException("SOFTHSM2_CONF could not be set");
        return new Pkcs11(Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded));
    }

    /// <summary>The slot with the initialised token of this label; null when there is none.</summary>
    public ISlot? SlotOf(string label)
    {
        var found = _library.GetSlotList(SlotsType.WithTokenPresent)
            .Where(s => s.GetTokenInfo() is { } t && t.TokenFlags.TokenInitialized && t.Label.Trim() == label)
            .ToArray();
        return found.Length <= 1 ? found.FirstOrDefault() : throw new InvalidDataException($"two tokens are called '{label}'");
    }

    /// <summary>Initialises a free token: label, security officer's PIN, user PIN.</summary>
    public void InitToken(string label, string securityOfficerPin, string userPin)
    {
        var free = _library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(s => !s.GetTokenInfo().TokenFlags.TokenInitialized)
            ?? throw new InvalidDataException("the HSM has no free token");
        free.InitToken(securityOfficerPin, label);
        var slot = SlotOf(label) ?? throw new InvalidDataException($"token '{label}' is not there after it was made");
        using var session = slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_SO, securityOfficerPin);
        session.InitPin(userPin);
        session.Logout();
    }

    public void Dispose() => _library.Dispose();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
