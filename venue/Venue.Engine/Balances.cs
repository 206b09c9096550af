using System.Runtime.CompilerServices;
namespace Venue.Engine;

/// <summary>What one firm has of one asset, in atoms.</summary>
internal struct Balance
{
    /// <summary>What a new order may hold, the credit line included; never negative.</summary>
    public Int128 Available;
    /// <summary>Sum of the holds of the firm's open orders; never negative.</summary>
    public Int128 Held;
    /// <summary>Sum of the firm's withdrawals on their way; never negative.</summary>
    public Int128 Withdrawing;
    /// <summary>The credit line: by so much <see cref="Available"/> is more than what there is.</summary>
    public Int128 Line;

    /// <summary>What is free of the firm's own, which alone can be withdrawn; negative as far as the line is used.</summary>
    public readonly Int128 Own => Available - Line;
}

/// <summary>All balances. Firm 0 is the house; the sum over all firms is what was credited and not withdrawn.</summary>
/// <remarks>
/// No sum can overflow: an asset's credits together never pass Amount.Max (2^120) and trading only moves them,
/// and neither do its credit lines, so no balance passes twice that.
/// </remarks>
internal sealed class Balances
{
    private Balance[] _balances = [];
    private Int128[] _credited = [];
    private int _firms = 1;
    private int _assets = 1;
    private int _stride = 1;

    /// <summary>Sum of all credits less all withdrawals, in atoms.</summary>
    public ref Int128 CreditedOf(int asset) => ref _credited[asset];

    /// <summary>The balance of a firm that was defined, in an asset that was defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Balance Of(int firm, int asset) => ref _balances[firm * _stride + asset];

    /// <summary>Makes room for one more firm.</summary>
    public void AddFirm() => Resize(_firms + 1, _assets);

    /// <summary>Makes room for one more asset.</summary>
    public void AddAsset() => Resize(_firms, _assets + 1);

    /// <summary>Throws when balances were made or lost.</summary>
    public void CheckConserved()
    {
        for (var asset = 1; asset < _assets; asset++) CheckConserved(asset);
    }

    /// <summary>Throws when balances of one asset were made or lost.</summary>
    public void CheckConserved(int asset)
    {
        Int128 sum = 0;
        for (var firm = 0; firm < _firms; firm++)
        {
            ref var balance = ref Of(firm, asset);
            if (balance.Available < 0) throw new InvalidOperationException($"Firm {firm} asset {asset}: available {balance.Available} < 0");
            if (balance.Held < 0) throw new InvalidOperationException($"Firm {firm} asset {asset}: held {balance.Held} < 0");
            if (balance.Withdrawing < 0) throw new InvalidOperationException($"Firm {firm} asset {asset}: withdrawing {balance.Withdrawing} < 0");
            sum += balance.Own + balance.Held + balance.Withdrawing;
        }
        if (sum != _credited[asset]) throw new InvalidOperationException($"Asset {asset}: balances sum to {sum}, credits to {_credited[asset]}");
    }

    /// <summary>Sets a credit line; false when more of it is used, or all lines of the asset would pass the largest amount.</summary>
    public bool TrySetLine(int firm, int asset, Int128 line)
    {
        ref var balance = ref Of(firm, asset);
        if (line < 0 || line > Messages.Amount.Max.Atoms || balance.Own + line < 0) return false;
        var others = -balance.Line;
        for (var other = 0; other < _firms; other++) others += Of(other, asset).Line;
        if (others + line > Messages.Amount.Max.Atoms) return false;
        balance.Available += line - balance.Line;
        balance.Line = line;
        return true;
    }

    public void HashInto(ref StateHasher hasher)
    {
        for (var asset = 1; asset < _assets; asset++)
        {
            hasher.Add(_credited[asset]);
            for (var firm = 0; firm < _firms; firm++)
            {
                hasher.Add(Of(firm, asset).Available);
                hasher.Add(Of(firm, asset).Held);
                hasher.Add(Of(firm, asset).Withdrawing);
                hasher.Add(Of(firm, asset).Line);
            }
        }
    }

    private void Resize(int firms, int assets)
    {
        var stride = _stride;
        while (stride < assets) stride *= 2;
        if (stride != _stride || firms * stride > _balances.Length)
        {
            var grown = new Balance[Math.Max(firms * 2, 16) * stride];
            for (var firm = 0; firm < _firms && _balances.Length > 0; firm++)
                _balances.AsSpan(firm * _stride, _stride).CopyTo(grown.AsSpan(firm * stride));
            _balances = grown;
            _stride = stride;
        }
        if (assets > _credited.Length) Array.Resize(ref _credited, stride);
        _firms = firms;
        _assets = assets;
    }
}
