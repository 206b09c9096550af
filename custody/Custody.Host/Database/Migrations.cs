using System.Reflection;
using System.Security.Cryptography;
using Npgsql;

namespace Custody.Host.Database;

/// <summary>Brings the database to this program's form: each numbered file once, in order, in a transaction of its own.</summary>
public static class Migrations
{
    private const string Prefix = "Custody.Host.Database.Migrations.";

    /// <summary>How many were applied. A file that was applied in another wording is an error: the past does not change.</summary>
    public static int Apply(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        using (var make = new NpgsqlCommand("create table if not exists migration (name text primary key, hash bytea not null, applied_at timestamptz not null default now())", connection))
            make.ExecuteNonQuery();
        var applied = 0;
        foreach (var name in Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            if (Apply(connection, name)) applied++;
        return applied;
    }

    private static bool Apply(NpgsqlConnection connection, string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var sql = new StreamReader(stream).ReadToEnd();
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sql));
        var name = resource[Prefix.Length..];
        using var transaction = connection.BeginTransaction();
        using (var one = new NpgsqlCommand("lock table migration in exclusive mode", connection, transaction)) one.ExecuteNonQuery();
        using (var find = new NpgsqlCommand("select hash from migration where name = $1", connection, transaction) { Parameters = { new() { Value = name } } })
            if (find.ExecuteScalar() is byte[] before)
                return before.AsSpan().SequenceEqual(hash) ? false : throw new InvalidDataException($"{name} was applied in another wording: this program is not the one that made the database");
        using (var run = new NpgsqlCommand(sql, connection, transaction)) run.ExecuteNonQuery();
        using (var note = new NpgsqlCommand("insert into migration (name, hash) values ($1, $2)", connection, transaction) { Parameters = { new() { Value = name }, new() { Value = hash } } })
            note.ExecuteNonQuery();
        transaction.Commit();
        return true;
    }
}
