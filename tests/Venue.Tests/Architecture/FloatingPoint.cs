using System.Reflection;
using System.Reflection.Emit;

namespace Venue.Tests.Architecture;

/// <summary>Finds double, float, Half and decimal in a type: in what it declares, in its locals, and in its instructions.</summary>
internal static class FloatingPoint
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Banned = [typeof(double), typeof(float), typeof(Half), typeof(decimal)];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    // A double that is only on the stack has no local: the instruction gives it away.
    private static readonly HashSet<OpCode> BannedOpCodes =
    [
        OpCodes.Ldc_R4, OpCodes.Ldc_R8, OpCodes.Conv_R4, OpCodes.Conv_R8, OpCodes.Conv_R_Un, OpCodes.Ldind_R4, OpCodes.Ldind_R8,
        OpCodes.Stind_R4, OpCodes.Stind_R8, OpCodes.Ldelem_R4, OpCodes.Ldelem_R8, OpCodes.Stelem_R4, OpCodes.Stelem_R8, OpCodes.Ckfinite,
    ];

    /// <summary>Every place in every type of <paramref name="assembly"/>, nested and generated ones included.</summary>
    public static IEnumerable<string> In(Assembly assembly) => assembly.GetTypes().SelectMany(In);

    /// <summary>Every place in <paramref name="type"/>.</summary>
    public static IEnumerable<string> In(Type type)
    {
        foreach (var field in type.GetFields(Declared))
            if (IsBanned(field.FieldType)) yield return $"{type}.{field.Name}: field";
        foreach (var property in type.GetProperties(Declared))
            if (IsBanned(property.PropertyType)) yield return $"{type}.{property.Name}: property";
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (MentionsBanned(method)) yield return $"{type}.{method.Name}: parameter or return type";
            if (method.GetMethodBody() is not { } body) continue;
            if (body.LocalVariables.Any(l => IsBanned(l.LocalType))) yield return $"{type}.{method.Name}: local";
            foreach (var use in InInstructions(method, body.GetILAsByteArray()!)) yield return $"{type}.{method.Name}: {use}";
        }
    }

    private static bool MentionsBanned(MethodBase method) =>
        method is MethodInfo { ReturnType: var returned } && IsBanned(returned) || method.GetParameters().Any(p => IsBanned(p.ParameterType));

    private static bool IsBanned(Type type) => type.HasElementType
        ? IsBanned(type.GetElementType()!)
        : Banned.Contains(type) || type.IsGenericType && type.GetGenericArguments().Any(IsBanned);

    private static IEnumerable<string> InInstructions(MethodBase method, byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var op = OpCodesByValue[value];
            at += op.Size;
            if (BannedOpCodes.Contains(op)) yield return op.Name!;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok
                && Resolve(method, BitConverter.ToInt32(code, at)) is { } use)
                yield return use;
            at += OperandBytes(op, code, at);
        }
    }

    /// <summary>The member that an instruction names, when it is of a banned type or takes or gives one.</summary>
    private static string? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, ofType, ofMethod);
        var banned = member switch
        {
            Type named => IsBanned(named),
            FieldInfo field => IsBanned(field.FieldType),
            MethodBase called => called.DeclaringType is { } owner && IsBanned(owner) || MentionsBanned(called)
                || called.IsGenericMethod && called.GetGenericArguments().Any(IsBanned),
            _ => false,
        };
        return banned ? $"{member!.DeclaringType}.{member.Name}" : null;
    }

    private static int OperandBytes(OpCode op, byte[] code, int at) => op.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };
}
