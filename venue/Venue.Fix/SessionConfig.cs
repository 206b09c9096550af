namespace Venue.Fix;

/// <summary>One [SESSION] of a settings file in QuickFIX's form: the session, and what its transport needs to know.</summary>
public sealed record SessionConfig
{
    /// <summary>As the state machine takes them.</summary>
    public required SessionSettings Settings { get; init; }

    /// <summary>DataDictionary: path as it stands in the file; null when it is not there.</summary>
    public string? DataDictionary { get; init; }

    /// <summary>SocketAcceptHost: IP address to listen on; null when it is not there.</summary>
    public string? AcceptHost { get; init; }

    /// <summary>SocketAcceptPort; null when it is not there.</summary>
    public int? AcceptPort { get; init; }

    /// <summary>SocketConnectHost: name or IP address to call; null when it is not there.</summary>
    public string? ConnectHost { get; init; }

    /// <summary>SocketConnectPort; null when it is not there.</summary>
    public int? ConnectPort { get; init; }

    /// <summary>Settings that were accepted without effect, each as "file:line: what and why".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    internal TimeSpan? StartTime { get; init; }
    internal TimeSpan? EndTime { get; init; }
    internal DayOfWeek? StartDay { get; init; }
    internal DayOfWeek? EndDay { get; init; }
    internal IReadOnlyCollection<DayOfWeek>? Weekdays { get; init; }
    internal TimeZoneInfo? TimeZone { get; init; }
    internal bool UseLocalTime { get; init; }
    internal bool NonStopSession { get; init; }

    /// <summary>Reads one section. Every fault is added to <paramref name="faults"/>, as "file:line: what".</summary>
    /// <param name="section">With what it inherits.</param>
    /// <param name="file">What the faults call the file.</param>
    /// <param name="faults">Where they go; when none was added, the result can be used.</param>
    /// <param name="own">Keys that the caller reads itself.</param>
    public static SessionConfig Read(SettingsSection section, string file, List<string> faults, params IReadOnlyCollection<string> own)
    {
        var config = new SessionConfig { Settings = new SessionSettings { SenderCompID = "", TargetCompID = "" } };
        var notes = new List<string>();
        foreach (var (key, value, line) in section.Entries)
        {
            if (own.Contains(key)) continue;
            if (!SettingNames.All.TryGetValue(key, out var name)) faults.Add($"{file}:{line}: '{key}' is not a setting that is known");
            else if (name.Use == SettingUse.Refused) faults.Add($"{file}:{line}: {key} is not supported: {name.Why}");
            else if (name.Use == SettingUse.NoEffect) notes.Add($"{file}:{line}: {key} has no effect: {name.Why}");
            else
            {
                (config, var fault) = name.Apply!(config, value);
                if (fault is not null) faults.Add($"{file}:{line}: {key}={value} {fault}");
            }
        }
        foreach (var key in (string[])["SenderCompID", "TargetCompID"])
            if (!section.TryGet(key, out _)) faults.Add($"{file}:{section.Line}: [{section.Name}] {key} is missing");
        if (config.Settings.HeartBtIntMinSeconds > config.Settings.HeartBtIntMaxSeconds) faults.Add($"{file}:{section.Line}: [{section.Name}] HeartBtIntMin is above HeartBtIntMax");
        var schedule = config.Schedule(what => faults.Add($"{file}:{section.Line}: [{section.Name}] {what}"));
        return config with { Settings = config.Settings with { Schedule = schedule }, Notes = notes };
    }

    private SessionSchedule? Schedule(Action<string> fault)
    {
        if (NonStopSession)
        {
            if (StartTime is not null || EndTime is not null || StartDay is not null || EndDay is not null || Weekdays is not null)
                fault("NonStopSession=Y goes with neither StartTime, EndTime, StartDay, EndDay nor Weekdays");
            return null;
        }
        if ((StartTime is null) != (EndTime is null)) fault("StartTime and EndTime go together");
        if ((StartDay is null) != (EndDay is null)) fault("StartDay and EndDay go together");
        if (StartDay is not null && Weekdays is not null) fault("Weekdays does not go with StartDay and EndDay");
        if (TimeZone is not null && UseLocalTime) fault("TimeZone does not go with UseLocalTime=Y");
        if (StartTime is not { } start || EndTime is not { } end)
        {
            if (StartDay is not null || Weekdays is not null) fault("StartTime and EndTime are missing");
            return null;
        }
        var zone = UseLocalTime ? TimeZoneInfo.Local : TimeZone ?? TimeZoneInfo.Utc;
        if (Weekdays is not null) return SessionSchedule.OnDays(start, end, Weekdays, zone);
        return StartDay is { } startDay && EndDay is { } endDay
            ? SessionSchedule.Weekly(startDay, start, endDay, end, zone)
            : SessionSchedule.Daily(start, end, zone);
    }
}
