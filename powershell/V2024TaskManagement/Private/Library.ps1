# Where the native library lies, and its functions as static methods of one emitted type per process.

$script:LibraryPath = $null
$script:Library = $null

function Get-V2024RuntimeIdentifier {
    $system = if ($IsWindows) { 'win' }
    elseif ($IsMacOS) { 'osx' }
    elseif ([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier -match 'musl|alpine') { 'linux-musl' }
    else { 'linux' }
    $architecture = [Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture
    return "$system-$("$architecture".ToLowerInvariant())"
}

function Get-V2024LibraryPath {
    # V2024_LIBRARY_PATH is for people who build the library themselves.
    $given = [Environment]::GetEnvironmentVariable('V2024_LIBRARY_PATH')
    if ($given) { return [IO.Path]::GetFullPath($given) }
    $name = if ($IsWindows) { 'v2024_task_management.dll' }
    elseif ($IsMacOS) { 'libv2024_task_management.dylib' }
    else { 'libv2024_task_management.so' }
    return [IO.Path]::Combine($script:ModuleRoot, 'runtimes', (Get-V2024RuntimeIdentifier), 'native', $name)
}

# Loads the library, so that a missing or foreign one is told at import and not in the middle of a script.
function Import-V2024Library {
    $script:LibraryPath = Get-V2024LibraryPath
    try {
        $null = [Runtime.InteropServices.NativeLibrary]::Load($script:LibraryPath)
    }
    catch {
        # .NET puts a page of advice in front of what the operating system said in the last line.
        $reason = $_.Exception.GetBaseException().Message.Trim().Split("`n")[-1]
        throw "V2024TaskManagement needs its native library for $(Get-V2024RuntimeIdentifier) and cannot load $($script:LibraryPath): $reason"
    }
}

# The emitted type is kept in the process under the library's path: importing again and other runspaces reuse it.
# It is made at the first call, since Reflection.Emit takes more time than the rest of an import together.
function Get-V2024Library {
    if (-not $script:Library) {
        $key = "V2024TaskManagement|$($script:LibraryPath)"
        $script:Library = [AppDomain]::CurrentDomain.GetData($key)
        if (-not $script:Library) {
            $script:Library = New-V2024LibraryType -Path $script:LibraryPath
            [AppDomain]::CurrentDomain.SetData($key, $script:Library)
        }
    }
    return $script:Library
}

function New-V2024LibraryType {
    param([string] $Path)
    $pointer = [IntPtr]
    $text = [byte[]]
    $out = [int].MakeByRefType()
    # First what the function returns, then what it takes. Texts go in as NUL-terminated UTF-8.
    $functions = [ordered]@{
        v2024_client_new  = $pointer, $text, $pointer.MakeByRefType(), $out
        v2024_client_free = [void], $pointer
        v2024_call_start  = $pointer, $pointer, $text
        v2024_call_next   = $pointer, $pointer, [int], $out
        v2024_call_cancel = [void], $pointer
        v2024_call_free   = [void], $pointer
        v2024_string_free = [void], $pointer
    }
    $type = New-V2024TypeBuilder -Name 'V2024.Library'
    $attributes = [Reflection.MethodAttributes]'Public, Static, PinvokeImpl'
    $convention = [Reflection.CallingConventions]::Standard
    $native = [Runtime.InteropServices.CallingConvention]::Cdecl
    $charSet = [Runtime.InteropServices.CharSet]::Ansi
    foreach ($name in $functions.Keys) {
        [type[]] $signature = $functions[$name]
        [type[]] $parameters = $signature[1..($signature.Length - 1)]
        $method = $type.DefinePInvokeMethod($name, $Path, $attributes, $convention, $signature[0], $parameters, $native, $charSet)
        $method.SetImplementationFlags([Reflection.MethodImplAttributes]::PreserveSig)
    }
    return $type.CreateType()
}

function New-V2024TypeBuilder {
    param([string] $Name)
    $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([Reflection.AssemblyName]::new($Name), [Reflection.Emit.AssemblyBuilderAccess]::Run)
    return $assembly.DefineDynamicModule($Name).DefineType($Name, [Reflection.TypeAttributes]'Public, Abstract, Sealed')
}
