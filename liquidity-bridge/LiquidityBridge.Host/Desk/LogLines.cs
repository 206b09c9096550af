namespace LiquidityBridge.Host.Desk;

/// <summary>The web framework's warnings and errors as lines of the process's log.</summary>
internal sealed class LogLines(Action<string> log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(categoryName, log);

    public void Dispose() { }

    private sealed class Category(string name, Action<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            log($"desk: {logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}");
        }
    }
}
