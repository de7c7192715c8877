using System.Reflection;
using MyDocker.Help;

// Run by the build: MyDocker.Help <the module's assembly> <folder of the pages> <folder for Get-Help>
var (assembly, pages, target) = (args[0], args[1], args[2]);
var help = new HelpFolder(pages, [.. CompiledCmdlet.In(Assembly.LoadFrom(assembly))]);
foreach (var problem in help.Problems)
    Console.Error.WriteLine(problem);
if (help.Problems.Count > 0)
    return 1;
help.Write(target, Path.GetFileName(assembly));
return 0;
