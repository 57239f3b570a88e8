# A thin module over libv2024_task_management: Public holds the cmdlets, Private what they share.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:ModuleRoot = $PSScriptRoot
foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Private", '*.ps1')) { . $file }
foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

$ExecutionContext.SessionState.Module.OnRemove = { Clear-V2024Client }

Import-V2024Library
