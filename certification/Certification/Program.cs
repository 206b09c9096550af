using Certification;

return CommandLine.Make().Parse(args).Invoke();
