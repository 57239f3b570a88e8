# A thin module over libv2024_task_management: Public holds the cmdlets, Private what they share.
# An import only defines the cmdlets and loads the library: Private is read at the first call, which halves the time.
param(
    # V1, by Import-Module -ArgumentList: the names that the vendor's newer SDK has for three cmdlets, too.
    [string] $Names
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:ModuleRoot = $PSScriptRoot
foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

# Every cmdlet that needs Private begins with this. Functions there name their scope, which would be this one's else.
$script:PrivateIsRead = $false
function Import-V2024Private {
    if ($script:PrivateIsRead) { return }
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Private", '*.ps1')) { . $file }
    $script:PrivateIsRead = $true
}

# Loaded now, so that a missing or foreign library is told at import and not in the middle of a script.
# V2024_LIBRARY_PATH is for people who build the library themselves.
$script:LibraryPath = $env:V2024_LIBRARY_PATH
$rid = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
try {
    if ($script:LibraryPath) { $script:LibraryPath = [IO.Path]::GetFullPath($script:LibraryPath) }
    else {
        # A .NET that a distribution built itself says fedora.42-x64 or alpine.3.22-x64.
        if (-not [IO.Directory]::Exists("$PSScriptRoot/runtimes/$rid")) {
            $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : $rid -match 'musl|alpine' ? 'linux-musl' : 'linux'
            $rid = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        }
        $name = $IsWindows ? 'v2024_task_management.dll' : $IsMacOS ? 'libv2024_task_management.dylib' : 'libv2024_task_management.so'
        $script:LibraryPath = "$PSScriptRoot/runtimes/$rid/native/$name"
    }
    $script:LibraryHandle = [Runtime.InteropServices.NativeLibrary]::Load($script:LibraryPath)
    $null = [Runtime.InteropServices.NativeLibrary]::GetExport($script:LibraryHandle, 'v2024_call_start')
}
catch {
    # .NET puts a page of advice in front of what the operating system said in the last line.
    $reason = $_.Exception.GetBaseException().Message.Trim().Split("`n")[-1]
    throw "V2024TaskManagement needs its native library for $rid and cannot load $script:LibraryPath`: $reason"
}

# Private adds what there is to clear once there were calls.
$script:Aliases = @()
if ($Names) {
    if ($Names -ne 'V1') { throw "V2024TaskManagement takes V1 as its argument, not '$Names'" }
    # Global, since an alias in the manifest would be there for everybody.
    $script:Aliases = foreach ($name in 'Get-TaskStatus', 'Get-TaskStatusList', 'Update-TaskStatus') {
        Set-Alias -Name "${name}V1" -Value "V2024TaskManagement\$($name.Replace('-', '-V2024'))" -Scope Global -PassThru
    }
    function Remove-V2024Alias { foreach ($alias in $script:Aliases) { Remove-Item -LiteralPath "Alias:$($alias.Name)" -ErrorAction Ignore } }
    $ExecutionContext.SessionState.Module.OnRemove = { Remove-V2024Alias }
}
