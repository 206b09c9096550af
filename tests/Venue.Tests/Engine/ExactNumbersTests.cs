using System.Reflection;
using Venue.Engine;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Money never meets binary floating point, nor decimal, which rounds silently.</summary>
internal sealed class ExactNumbersTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Inexact = [typeof(float), typeof(double), typeof(decimal), typeof(Half)];

    [TestCase(typeof(CommandHeader)), TestCase(typeof(Level)), TestCase(typeof(EngineCapacity))]
    public void No_field_parameter_result_or_variable_is_inexact(Type inAssembly)
    {
        var seen = inAssembly.Assembly.GetTypes().SelectMany(UsesOf).ToList();
        Assert.That(seen.Where(use => Inexact.Contains(use.Type)).Select(use => use.Where), Is.Empty);
        Assert.That(seen, Has.Count.GreaterThan(100), "the assembly was read");
    }

    [Test]
    public void The_check_sees_an_inexact_variable() =>
        Assert.That(UsesOf(typeof(Sample)).Select(use => use.Type), Has.Member(typeof(double)));

    private static class Sample
    {
        public static int Half(int number)
        {
            double half = number;
            for (var i = 0; i < 1; i++) half /= 2;
            return (int)half;
        }
    }

    private static IEnumerable<(Type Type, string Where)> UsesOf(Type type)
    {
        foreach (var field in type.GetFields(All)) yield return (field.FieldType, $"{type}.{field.Name}");
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            if (method is MethodInfo info) yield return (info.ReturnType, $"{type}.{method.Name}");
            foreach (var parameter in method.GetParameters()) yield return (parameter.ParameterType, $"{type}.{method.Name}({parameter.Name})");
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? []) yield return (local.LocalType, $"{type}.{method.Name}: local {local.LocalIndex}");
        }
    }
}
