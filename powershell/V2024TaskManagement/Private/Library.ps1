# The native library's functions and the reader of its replies: emitted types, since script alone cannot be either.

# The package has them ready for the .NET it was made with and later ones; emitting them takes a quarter of a second.
# Loaded from bytes, each load has fields of its own, and no file is held that an update would want to replace.
function script:Get-V2024InteropAssembly {
    for ($version = [Environment]::Version.Major; $version -ge 9; $version--) {
        $file = "$script:ModuleRoot/Interop/net$version.0/V2024TaskManagement.Interop.dll"
        if ([IO.File]::Exists($file)) { return [Reflection.Assembly]::Load([IO.File]::ReadAllBytes($file)) }
    }
    foreach ($file in [IO.Directory]::GetFiles("$script:ModuleRoot/Interop", '*.ps1')) { . $file }
    $name = [Reflection.AssemblyName]::new('V2024TaskManagement.Interop')
    $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, [Reflection.Emit.AssemblyBuilderAccess]::Run)
    $module = $assembly.DefineDynamicModule($name.Name)
    Add-V2024LibraryType -Module $module
    Add-V2024ReplyReaderType -Module $module
    return $assembly
}

# The types are kept in the process for this version and library: importing again and other runspaces reuse them.
$key = "V2024TaskManagement|$($ExecutionContext.SessionState.Module.Version)|$script:LibraryPath"
$assembly = [AppDomain]::CurrentDomain.GetData($key)
if (-not $assembly) {
    $assembly = Get-V2024InteropAssembly
    $assembly.GetType('V2024.Library')::Bind($script:LibraryHandle)
    [AppDomain]::CurrentDomain.SetData($key, $assembly)
}
$script:Library = $assembly.GetType('V2024.Library')
$script:ReplyReader = $assembly.GetType('V2024.ReplyReader')
