using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Custody.Keys;

namespace Custody.Signer;

/// <summary>Takes requests on a Unix domain socket that only the signer's own user can open, from whoever knows the token.</summary>
internal sealed class SocketServer : IDisposable
{
    private readonly Socket _listener;
    private readonly byte[] _token;
    private readonly SigningDesk _desk;
    private readonly string _path;

    /// <param name="path">The socket; its folder is made for the signer's user alone.</param>
    /// <param name="token">What a caller has to say.</param>
    /// <param name="desk">Who answers.</param>
    public SocketServer(string path, string token, SigningDesk desk)
    {
        _token = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        _desk = desk;
        _path = path;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder, owner);
        // A folder of others could let them in between bind and chmod.
        if ((File.GetUnixFileMode(folder) & ~owner) != 0) throw new IOException($"{folder}: others may enter it, the signer's socket must not be there (chmod 700)");
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(16);
    }

    /// <summary>Serves until <see cref="Dispose"/>: a thread for each connection, few as they are.</summary>
    public void Run()
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            new Thread(() => Serve(connection)) { IsBackground = true, Name = "connection" }.Start();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private void Serve(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        stream.ReadTimeout = 60_000;
        stream.WriteTimeout = 10_000;
        try
        {
            while (SignerWire.Read<SignerEnvelope>(stream) is { } envelope)
            {
                if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(envelope.Token)), _token))
                {
                    SignerWire.Write<SignerReply>(stream, new FaultReply("the token is wrong"));
                    return;
                }
                SignerWire.Write(stream, _desk.Answer(envelope.Request));
            }
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine($"signer: a connection was closed: {e.Message}");
        }
        catch (IOException)
        {
            // The caller went away or was idle; it asks again on a new connection.
        }
    }
}
