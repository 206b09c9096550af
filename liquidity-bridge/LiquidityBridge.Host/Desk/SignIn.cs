using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

namespace LiquidityBridge.Host.Desk;

/// <summary>Signing in and out. Every refusal reads the same, whatever its cause.</summary>
public sealed class SignIn(Users users, LockOut lockOut, TimeProvider time, Action<string> log)
{
    /// <summary>Address of the form.</summary>
    public const string Path = "/sign-in";

    /// <summary>Address that ends a session.</summary>
    public const string OutPath = "/sign-out";

    /// <summary>How long a session lasts, used or not: a shift.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    private const string UntilClaim = "until";
    private const int TextMax = 128;

    // One slow hash at a time: guesses must not take the core's processor from it.
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Answers the form.</summary>
    public async Task<IResult> InAsync(HttpContext context, [FromForm] string? name, [FromForm] string? password)
    {
        name ??= "";
        password ??= "";
        if (name.Length is 0 or > TextMax || password.Length is 0 or > TextMax || !lockOut.TryBegin(name)) return Refuse(name);
        await _one.WaitAsync(context.RequestAborted);
        try
        {
            if (!users.Fits(name, password)) return Refuse(name);
        }
        finally
        {
            _one.Release();
        }
        lockOut.Succeeded(name);
        log($"desk: {name} signed in");
        var until = time.GetUtcNow() + Lasts;
        var who = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), new Claim(UntilClaim, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(who), new AuthenticationProperties { ExpiresUtc = until });
        return Results.LocalRedirect("/");
    }

    /// <summary>Ends the session.</summary>
    public static async Task<IResult> OutAsync(HttpContext context)
    {
        await context.SignOutAsync();
        return Results.LocalRedirect(Path);
    }

    /// <summary>When this person's session ends. A page that stays open must ask: its connection carries no cookie any more.</summary>
    public static DateTimeOffset Until(ClaimsPrincipal who) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(who.FindFirstValue(UntilClaim)!, CultureInfo.InvariantCulture));

    private IResult Refuse(string name)
    {
        log($"desk: a sign-in was refused, name of {name.Length} characters");
        return Results.LocalRedirect(Path + "?refused=true");
    }
}
