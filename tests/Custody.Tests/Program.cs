using Custody.Tests.Support;

// `dotnet test` never comes here; HostUnderTest starts this file as a custody host that it can kill.
return args is ["host", var folder] ? await HostUnderTest.Serve(folder) : 2;
