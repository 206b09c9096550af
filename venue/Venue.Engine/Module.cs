// Locals are not set to zero before the code sets them: methods that sum 128-bit amounts would clear half a kilobyte at each call.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
