using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The transcript's lines about sessions that come and go and about many orders at once.</summary>
internal static class MassWords
{
    public static bool IsOne(string[] words) => words[0] is "connect" or "disconnect" or "continue" || (words.Length > 1 && words[1] is "pull" or "list");

    public static ReadOnlySpan<byte> Command(string[] words, Commands commands, List<string> sessions, List<string> firms, long walk)
    {
        switch (words[0])
        {
            case "connect":
                ref var connect = ref commands.Begin<Connect>(CommandType.Connect, sessions.IndexOf(words[1]));
                connect.CancelOnDisconnect = words[2] switch { "S" => CancelOnDisconnect.Session, "A" => CancelOnDisconnect.Firm, _ => CancelOnDisconnect.None };
                connect.CancelOnLogout = words.Contains("logout") ? (byte)1 : (byte)0;
                if (Array.IndexOf(words, "group") is var own and > 0) connect.SelfTradeGroup = int.Parse(words[own + 1]);
                connect.SelfTradeMode = Script.SelfTradeModeIn(words);
                return Commands.Whole(in connect);
            case "disconnect":
                ref var disconnect = ref commands.Begin<Disconnect>(CommandType.Disconnect, sessions.IndexOf(words[1]));
                disconnect.Cause = Enum.Parse<DisconnectCause>(words[2], ignoreCase: true);
                return Commands.Whole(in disconnect);
            case "continue":
                ref var next = ref commands.Begin<ContinueWalk>(CommandType.ContinueWalk, 0);
                next.Walk = walk;
                return Commands.Whole(in next);
        }
        var session = words[0] == "nobody" ? 99 : sessions.IndexOf(words[0]);
        var (scope, target) =
            words.Contains("venue") ? (MassScope.Venue, 0)
            : Array.IndexOf(words, "firm") is var firm and > 0 ? (MassScope.Firm, firms.IndexOf(words[firm + 1]))
            : Array.IndexOf(words, "session") is var other and > 0 ? (MassScope.Session, sessions.IndexOf(words[other + 1]))
            : (MassScope.Session, session);
        var side = words.Contains("sell") ? Side.Sell : words.Contains("buy") ? Side.Buy : 0;
        var asOperator = words.Contains("operator") ? (byte)1 : (byte)0;
        if (words[1] == "pull")
        {
            ref var pull = ref commands.Begin<MassCancel>(CommandType.MassCancel, session);
            (pull.ClOrdID, pull.Scope, pull.Target, pull.Side, pull.AsOperator) = (Text40.From(words[2]), scope, target, side, asOperator);
            return Commands.Whole(in pull);
        }
        ref var list = ref commands.Begin<MassStatus>(CommandType.MassStatus, session);
        (list.RequestID, list.Scope, list.Target, list.Side, list.AsOperator) = (Text40.From(words[2]), scope, target, side, asOperator);
        return Commands.Whole(in list);
    }
}
