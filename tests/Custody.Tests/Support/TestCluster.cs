using Custody.Host.Database;
using Npgsql;

namespace Custody.Tests;

/// <summary>One PostgreSQL cluster for all tests, and a database of its own for each that asks.</summary>
/// <remarks>In the tests' outermost namespace: NUnit tears it down after the last test of its own namespace.</remarks>
[SetUpFixture]
public sealed class TestCluster
{
    private static readonly Lock Gate = new();
    private static Cluster? _cluster;
    private static string _folder = "", _connection = "";
    private static int _count;

    /// <summary>A fresh database with the ledger's tables; its connection string.</summary>
    public static string NewDatabase()
    {
        lock (Gate)
        {
            if (_cluster is null)
            {
                _folder = Directory.CreateTempSubdirectory("custody-").FullName;
                // PostgreSQL runs as another user than root and has to get through.
                File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                _cluster = new Cluster(Path.Combine(_folder, "db"));
                _connection = _cluster.Start();
            }
            var name = $"test{++_count}";
            using (var source = NpgsqlDataSource.Create(_connection))
            using (var make = source.CreateCommand($"create database {name}"))
                make.ExecuteNonQuery();
            var connection = new NpgsqlConnectionStringBuilder(_connection) { Database = name, Pooling = true, MaxPoolSize = 10 }.ConnectionString;
            using (var source = NpgsqlDataSource.Create(connection)) Migrations.Apply(source);
            return connection;
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        if (_cluster is null) return;
        NpgsqlConnection.ClearAllPools();
        _cluster.Stop();
        Directory.Delete(_folder, recursive: true);
    }
}
