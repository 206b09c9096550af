using System.Numerics;
using Npgsql;
using NpgsqlTypes;
using Venue.Messages;

namespace Custody.Host.Database;

/// <summary>One database transaction: the commands in it count together or not at all.</summary>
public sealed class Unit : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    internal Unit(NpgsqlConnection connection, System.Data.IsolationLevel isolation)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction(isolation);
    }

    /// <summary>A command with $1, $2, ... in the order of the values. Null is SQL's null.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values)
            command.Parameters.Add(value switch
            {
                Amount amount => new NpgsqlParameter { Value = (BigInteger)amount.Atoms, NpgsqlDbType = NpgsqlDbType.Numeric },
                Amount[] amounts => new NpgsqlParameter { Value = amounts.Select(a => (BigInteger)a.Atoms).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric },
                ReadOnlyMemory<byte> bytes => new NpgsqlParameter { Value = bytes.ToArray() },
                Enum state => new NpgsqlParameter { Value = state.ToString() },
                _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
            });
        return command;
    }

    /// <summary>Runs a command; how many rows it touched.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads all rows.</summary>
    public List<T> Query<T>(string sql, Func<NpgsqlDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Makes it count, durably.</summary>
    public void Commit() => _transaction.Commit();

    /// <summary>Without <see cref="Commit"/>: as if nothing had been done.</summary>
    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }
}

/// <summary>The database: a source of transactions.</summary>
public sealed class Store(NpgsqlDataSource source)
{
    /// <summary>Begins one.</summary>
    public Unit Begin() => new(source.OpenConnection(), System.Data.IsolationLevel.ReadCommitted);

    /// <summary>Begins one whose queries all see the same moment.</summary>
    public Unit BeginSnapshot() => new(source.OpenConnection(), System.Data.IsolationLevel.RepeatableRead);

    /// <summary>Reads in a transaction of its own.</summary>
    public T Read<T>(Func<Unit, T> read)
    {
        using var unit = BeginSnapshot();
        return read(unit);
    }

    /// <summary>Writes in a transaction of its own; counts when it returns.</summary>
    public void Write(Action<Unit> write)
    {
        using var unit = Begin();
        write(unit);
        unit.Commit();
    }
}

/// <summary>Columns that the driver does not read by itself.</summary>
internal static class Columns
{
    public static Amount Amount(this NpgsqlDataReader reader, int column) => new((Int128)reader.GetFieldValue<BigInteger>(column));

    public static T State<T>(this NpgsqlDataReader reader, int column) where T : struct, Enum => Enum.Parse<T>(reader.GetString(column));
}
