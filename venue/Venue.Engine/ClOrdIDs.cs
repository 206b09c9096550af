using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One ClOrdID(11) that a session has used: 52 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct UsedClOrdID
{
    public Text40 ClOrdID;
    public int Session;
    /// <summary>Slot of the order that it named when it was used; 0 for a cancel's or a refused order's.</summary>
    public int Order;
    /// <summary>The one that is forgotten after it; 0 for none.</summary>
    public int Next;
}

/// <summary>
/// The ClOrdIDs that were used, per session. The current id of an open order is kept; all others are forgotten,
/// oldest first, when their room is needed.
/// </summary>
/// <remarks>
/// A table with open addressing, two thirds full at most, that never grows. An entry is the hash and the id's number,
/// so that a search reads an id only when it is most likely the right one, and a removal reads none.
/// </remarks>
internal sealed class ClOrdIDs
{
    private readonly UsedClOrdID[] _ids;
    private readonly ulong[] _table;
    private readonly ulong _key;
    private int _used;
    private int _oldest;
    private int _newest;
    // Hash of the oldest; computed when it became the oldest, so that its place in the table is in the cache when it is forgotten.
    private uint _oldestHash;

    public ClOrdIDs(int capacity, ulong key)
    {
        // One more than asked for: a replace holds the new id before it lets go of the old one.
        _ids = new UsedClOrdID[capacity + 2];
        _table = new ulong[_ids.Length + (_ids.Length + 1) / 2];
        _key = key;
    }

    public ref readonly UsedClOrdID this[int id] => ref _ids[id];

    /// <summary>The hash that the other methods want, the same in every process for the same key.</summary>
    public uint HashOf(int session, in Text40 clOrdID)
    {
        var words = MemoryMarshal.Cast<Text40, ulong>(MemoryMarshal.CreateReadOnlySpan(in clOrdID, 1));
        var hash = Fold(words[0] ^ _key ^ 0xA0761D6478BD642F, words[1] ^ 0xE7037ED1A0B428DB);
        // Most ids are short: then the third and fourth words are zero.
        if ((words[2] | words[3]) != 0) hash ^= Fold(words[2] ^ _key ^ 0x8EBC6AF09C88C6E3, words[3] ^ 0x589965CC75374CC3);
        hash = Fold(hash ^ words[4], (uint)session ^ _key ^ 0x1D8E4E27C47D124F);
        return (uint)(hash >> 32);
    }

    /// <summary>An id with this hash is about to be looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash) => Cache.Prefetch(in _table[HomeOf(hash)]);

    /// <summary>The number of an id with this hash, most likely the only one; 0 for none. The id is fetched, not looked at.</summary>
    public int Guess(uint hash)
    {
        for (var at = HomeOf(hash); ; at = After(at))
        {
            var entry = _table[at];
            if (entry == 0) return 0;
            if ((uint)(entry >> 32) != hash) continue;
            Cache.Prefetch(in _ids[(int)entry]);
            return (int)entry;
        }
    }

    /// <summary>The id's number; 0 when the session never used it or it is forgotten.</summary>
    public int Find(uint hash, int session, in Text40 clOrdID)
    {
        for (var at = HomeOf(hash); ; at = After(at))
        {
            var entry = _table[at];
            if (entry == 0) return 0;
            if ((uint)(entry >> 32) != hash) continue;
            ref var id = ref _ids[(int)entry];
            if (id.Session == session && id.ClOrdID == clOrdID) return (int)entry;
        }
    }

    /// <summary>Remembers an id that is not there yet, forgetting the oldest when there is no room; the new one is kept until <see cref="Release"/>.</summary>
    public int Add(uint hash, int session, in Text40 clOrdID, int order)
    {
        var id = _used < _ids.Length - 1 ? ++_used : Forget();
        ref var entry = ref _ids[id];
        entry.ClOrdID = clOrdID;
        entry.Session = session;
        entry.Order = order;
        entry.Next = 0;
        var at = HomeOf(hash);
        while (_table[at] != 0) at = After(at);
        _table[at] = (ulong)hash << 32 | (uint)id;
        return id;
    }

    /// <summary>The id may be forgotten from now on, after all that were released before it.</summary>
    public void Release(int id)
    {
        if (_newest != 0)
        {
            _ids[_newest].Next = id;
            _newest = id;
            return;
        }
        _newest = id;
        BecomeOldest(id);
    }

    /// <summary>Adds the ids that can be forgotten, oldest first, and whether they still name an order.</summary>
    public void HashInto(ref StateHasher hasher, Orders orders)
    {
        hasher.Add(_used);
        for (var id = _oldest; id != 0; id = _ids[id].Next)
        {
            HashInto(id, ref hasher);
            hasher.Add(orders[_ids[id].Order].ClOrdID == id ? 1 : 0);
        }
    }

    /// <summary>Adds one id.</summary>
    public void HashInto(int id, ref StateHasher hasher)
    {
        hasher.AddWords(in _ids[id].ClOrdID);
        hasher.Add(_ids[id].Session, _ids[id].Order);
    }

    /// <summary>Takes the oldest released id out of the table; its number is free.</summary>
    private int Forget()
    {
        var id = _oldest;
        if (id == 0) throw new InvalidOperationException("Every remembered ClOrdID belongs to an open order: there are more open orders than the venue was sized for");
        var at = HomeOf(_oldestHash);
        while ((uint)_table[at] != (uint)id) at = After(at);
        // Backward shift: entries behind the hole move up unless that would put them before their home.
        for (var next = After(at); _table[next] != 0; next = After(next))
        {
            var home = HomeOf((uint)(_table[next] >> 32));
            var stays = at < next ? at < home && home <= next : at < home || home <= next;
            if (stays) continue;
            _table[at] = _table[next];
            at = next;
        }
        _table[at] = 0;
        if (_ids[id].Next == 0) (_oldest, _newest) = (0, 0);
        else BecomeOldest(_ids[id].Next);
        return id;
    }

    private void BecomeOldest(int id)
    {
        _oldest = id;
        _oldestHash = HashOf(_ids[id].Session, in _ids[id].ClOrdID);
        Prefetch(_oldestHash);
        Cache.Prefetch(in _ids[_ids[id].Next]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint hash) => (int)((ulong)hash * (uint)_table.Length >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int After(int at) => at + 1 == _table.Length ? 0 : at + 1;

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
