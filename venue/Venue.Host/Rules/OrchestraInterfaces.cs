using System.Xml.Linq;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>The sessions of the sample configuration as a FIX Orchestra 1.0 interfaces file: one interface for each kind.</summary>
internal static class OrchestraInterfaces
{
    /// <summary>Name of the repository beside it.</summary>
    public const string Repository = "VENUE44-orchestra.xml";

    private static readonly XNamespace Fixi = "http://fixprotocol.io/2020/orchestra/interfaces";
    private static readonly XNamespace Terms = "http://purl.org/dc/terms/";

    /// <summary>The file.</summary>
    public static XDocument Write() => new(new XElement(Fixi + "interfaces", new XAttribute(XNamespace.Xmlns + "fixi", Fixi), new XAttribute(XNamespace.Xmlns + "dcterms", Terms),
        new XElement(Fixi + "metadata", new XElement(Terms + "title", "Sessions of VENUE, FIX 4.4"), new XElement(Terms + "creator", "./run rules")),
        Enum.GetValues<SessionKind>().Select(Interface)));

    private static XElement Interface(SessionKind kind) => new(Fixi + "interface", new XAttribute("name", kind.ToString()),
        new XElement(Fixi + "service", new XAttribute("name", kind.ToString()), new XAttribute("orchestration", Repository)),
        new XElement(Fixi + "encoding", new XAttribute("name", "tagvalue"), new XAttribute("layer", "presentation")),
        new XElement(Fixi + "sessionProtocol", new XAttribute("name", "FIX4"), new XAttribute("version", "FIX.4.4"), new XAttribute("layer", "session"), new XAttribute("reliability", "recoverable")),
        new XElement(Fixi + "transport", new XAttribute("name", "TCP"), new XAttribute("layer", "transport"), new XAttribute("address", $"{ClientSettings.Host}:{ClientSettings.Port}"), new XAttribute("use", "primary")),
        new XElement(Fixi + "annotation", new XElement(Fixi + "documentation", $"{ClientSettings.PurposeOf(kind)}. May send: {string.Join(' ', SessionRights.TypesOf(kind))}.")),
        new XElement(Fixi + "sessions", new XElement(Fixi + "session", new XAttribute("name", $"{ClientSettings.SampleOf(kind)}_{ClientSettings.Venue}"),
            new XElement(Fixi + "identifier", new XAttribute("name", "SenderCompID"), ClientSettings.SampleOf(kind)),
            new XElement(Fixi + "identifier", new XAttribute("name", "TargetCompID"), ClientSettings.Venue),
            new XElement(Fixi + "role", "initiator"))));
}
