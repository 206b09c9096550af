using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Venue.Host;

/// <summary>The few system calls of the core loop: readiness of thousands of sockets, and bytes without a detour.</summary>
internal static unsafe partial class Linux
{
    public const uint EpollIn = 0x1, EpollOut = 0x4, EpollErr = 0x8, EpollHup = 0x10, EpollRdHup = 0x2000;
    public const int EpollAdd = 1, EpollDel = 2, EpollMod = 3;
    public const int MsgDontWait = 0x40, MsgNoSignal = 0x4000;
    public const int EIntr = 4, EAgain = 11;
    private const int ENoSys = 38;
    private const nint EpollPWait2 = 441;   // the same on all processors
    private const long MsNs = 1_000_000, SecondNs = 1_000_000_000;
    private static bool _epollIsCoarse;
    private const int CloseOnExec = 0x80000, NonBlock = 0x800, UnixFamily = 1, StreamType = 1;

    /// <summary>struct epoll_event is packed on x86-64 and naturally aligned elsewhere.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    public static uint Flags(byte* events, int n) => *(uint*)(events + n * EventSize);
    public static int Data(byte* events, int n) => *(int*)(events + n * EventSize + DataOffset);

    public static int CreateEpoll() => Check(epoll_create1(CloseOnExec), "epoll_create1");

    public static int CreateEventFd() => Check(eventfd(0, CloseOnExec | NonBlock), "eventfd");

    public static void Control(int epoll, int operation, int fd, uint flags, int data)
    {
        var e = stackalloc byte[16];
        *(uint*)e = flags;
        *(long*)(e + DataOffset) = data;
        Check(epoll_ctl(epoll, operation, fd, e), "epoll_ctl");
    }

    /// <summary>Number of events, 0 at the time limit or when a signal came in between. A time limit below 0 is none.</summary>
    public static int Wait(int epoll, byte* events, int max, long timeoutNs)
    {
        var (ms, rest) = Math.DivRem(timeoutNs, MsNs);
        int n;
        if (rest <= 0 || _epollIsCoarse)
        {
            n = epoll_wait(epoll, events, max, timeoutNs < 0 ? -1 : (int)(rest > 0 ? ms + 1 : ms));
        }
        else
        {
            // struct timespec; epoll_pwait2 is younger than many C libraries, so by its number.
            var time = stackalloc long[] { timeoutNs / SecondNs, timeoutNs % SecondNs };
            n = (int)syscall(EpollPWait2, epoll, events, max, time, null, 0);
        }
        if (n >= 0) return n;
        switch (Marshal.GetLastPInvokeError())
        {
            case EIntr: return 0;
            case ENoSys:   // before Linux 5.11
                _epollIsCoarse = true;
                return 0;
            default: return Check(n, "epoll_wait");
        }
    }

    /// <summary>Waits until a descriptor can be read, or the time limit. The signal is taken.</summary>
    public static void WaitReadable(int fd, int timeoutMs)
    {
        var descriptor = new PollDescriptor { Fd = fd, Events = 1 };
        if (poll(&descriptor, 1, timeoutMs) < 0 && Marshal.GetLastPInvokeError() != EIntr) Check(-1, "poll");
        if (descriptor.Returned != 0) Clear(fd);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Fd;
        public short Events, Returned;
    }

    public static void Signal(int eventFd)
    {
        ulong one = 1;
        _ = write(eventFd, &one, 8);   // it can only fail when the counter is full: then the waiter is awake already
    }

    public static void Clear(int eventFd)
    {
        ulong count;
        _ = read(eventFd, &count, 8);   // it can only fail when nothing was signalled
    }

    /// <summary>Lowers the calling thread's priority: on Linux a nice value is a thread's.</summary>
    public static void BeNice(int nice) => Check(setpriority(0, 0, nice), "setpriority");

    /// <summary>Two ends of a local stream.</summary>
    public static (Socket, Socket) SocketPair()
    {
        var pair = stackalloc int[2];
        Check(socketpair(UnixFamily, StreamType | CloseOnExec | NonBlock, 0, pair), "socketpair");
        return (new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)), new Socket(new SafeSocketHandle(pair[1], ownsHandle: true)));
    }

    public static void Close(params ReadOnlySpan<int> descriptors)
    {
        foreach (var fd in descriptors) Check(close(fd), "close");
    }

    private static int Check(int result, string call) => result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_create1(int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_ctl(int epoll, int operation, int fd, byte* e);
    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_wait(int epoll, byte* events, int max, int timeoutMs);
    [LibraryImport("libc", SetLastError = true)] private static partial nint syscall(nint number, nint epoll, byte* events, nint max, long* time, void* signals, nint signalBytes);
    [LibraryImport("libc", SetLastError = true)] private static partial int socketpair(int family, int type, int protocol, int* pair);
    [LibraryImport("libc", SetLastError = true)] private static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMs);
    [LibraryImport("libc", SetLastError = true)] private static partial int eventfd(uint initial, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int setpriority(int which, uint who, int nice);
    [LibraryImport("libc")] private static partial nint read(int fd, void* buffer, nint count);
    [LibraryImport("libc")] private static partial nint write(int fd, void* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)] public static partial nint Receive(int fd, byte* buffer, nint count, int flags);
    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)] public static partial nint Send(int fd, byte* buffer, nint count, int flags);
}
