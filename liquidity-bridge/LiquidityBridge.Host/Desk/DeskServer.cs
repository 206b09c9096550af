using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Hosting;
using MudBlazor.Services;

namespace LiquidityBridge.Host.Desk;

/// <summary>The risk desk's web server: one live page behind a sign-in, on loopback only.</summary>
public sealed class DeskServer : IDisposable
{
    // Styles: MudBlazor sets its theme and its widths in the page. Everything is served from here.
    private const string ContentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private readonly WebApplication _app;

    /// <summary>Not listening yet.</summary>
    /// <param name="loop">What is shown and acted on.</param>
    /// <param name="core">Names and units of what is shown.</param>
    /// <param name="port">On 127.0.0.1; 0 takes a free one.</param>
    /// <param name="users">Who may sign in.</param>
    /// <param name="tokenFile">Bearer token of programs that read the state; made when it is missing.</param>
    /// <param name="time">The sign-in's clock.</param>
    /// <param name="log">Told one line for each warning and sign-in.</param>
    public DeskServer(BridgeLoop loop, BridgeOptions core, int port, Users users, string tokenFile, TimeProvider time, Action<string> log)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DeskServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Loopback, port);
        });
        builder.Logging.ClearProviders().AddProvider(new LogLines(log)).SetMinimumLevel(LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton<IHostLifetime, NoSignals>();
        services.AddSingleton(loop).AddSingleton(new Units(core)).AddSingleton(new SignIn(users, new LockOut(time), time, log)).AddSingleton(time);
        // Keys live as long as the process: a restart signs everybody out.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // A page from elsewhere whose name was made to point here says its own name.
        services.Configure<HostFilteringOptions>(o => o.AllowedHosts = ["127.0.0.1", "localhost"]);
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(o =>
        {
            o.Cookie.Name = "desk";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.ExpireTimeSpan = SignIn.Lasts;
            o.SlidingExpiration = false;
            o.LoginPath = SignIn.Path;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents();

        _app = builder.Build();
        _app.UseHostFiltering();
        _app.Use(OnlyFromHere);
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.UseAntiforgery();
        _app.MapStaticAssets().AllowAnonymous();
        var signIn = _app.Services.GetRequiredService<SignIn>();
        _app.MapPost(SignIn.Path, signIn.InAsync).AllowAnonymous();
        _app.MapPost(SignIn.OutPath, SignOutAsync);
        var state = new StateEndpoint(loop, tokenFile);
        _app.MapGet(StateEndpoint.Path, state.Answer).AllowAnonymous();
        _app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public void Start() => _app.Start();

    /// <summary>Closes every page's connection.</summary>
    public void Dispose()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        _app.StopAsync(soon.Token).GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
    }

    // A form parameter makes the framework ask for the antiforgery token.
    private static Task<IResult> SignOutAsync(HttpContext context, IFormCollection _) => SignIn.OutAsync(context);

    /// <summary>Another port of this machine is the same site to a browser, and a socket sends cookies: the origin must be ours.</summary>
    private static Task OnlyFromHere(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: a form would then be sent with the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != $"{context.Request.Scheme}://{context.Request.Host}")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        return next(context);
    }

    /// <summary>The process listens for its signals itself.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
