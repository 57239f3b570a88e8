<#
Publishes a package on the PowerShell Gallery, with the key in the variable PSGALLERY_API_KEY. With -DryRun it publishes
to a folder instead and checks what the Gallery's page and Find-PSResource would show.
#>
param(
    [Parameter(Mandatory)] [string] $Package,
    [Parameter(Mandatory)] [string] $Name,
    [Parameter(Mandatory)] [string] $Version,
    [switch] $DryRun
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

if (-not $DryRun) {
    if (-not $env:PSGALLERY_API_KEY) { throw 'PSGALLERY_API_KEY is not set: a key of the Gallery that may push' }
    Publish-PSResource -NupkgPath $Package -Repository PSGallery -ApiKey $env:PSGALLERY_API_KEY
    "https://www.powershellgallery.com/packages/$Name/$Version"
    return
}

$folder = Join-Path ([IO.Path]::GetTempPath()) "xtask-gallery-$PID"
$null = New-Item -ItemType Directory -Path $folder
Register-PSResourceRepository -Name "xtask-$PID" -Uri $folder -Trusted
try {
    Publish-PSResource -NupkgPath $Package -Repository "xtask-$PID"
    $found = Find-PSResource -Name $Name -Repository "xtask-$PID"
    if ("$($found.Version)" -ne $Version) { throw "the package has the version $($found.Version), not $Version" }
    foreach ($member in 'Author', 'Description', 'Tags', 'LicenseUri', 'ProjectUri', 'IconUri', 'ReleaseNotes') {
        if (-not $found.$member) { throw "the package has no $member" }
    }
    $found | Format-List Name, Version, Author, Tags, LicenseUri, ProjectUri, IconUri, ReleaseNotes
} finally {
    Unregister-PSResourceRepository -Name "xtask-$PID"
    Remove-Item -LiteralPath $folder -Recurse
}
