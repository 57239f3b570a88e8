@{
    RootModule           = 'V2024TaskManagement.psm1'
    ModuleVersion        = '0.2.0'
    GUID                 = '7b1d5f0e-6a1b-4f0c-9c39-2f5f8e0a4c11'
    Author               = 'v2024-task-management contributors'
    Copyright            = '(c) v2024-task-management contributors. MIT License.'
    Description          = @'
SailPoint's V2024 TaskManagement cmdlets over a native client: a drop-in replacement for the five documented ones, with
objects, one token per process, and clear errors.
'@
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('V2024TaskManagement.Format.ps1xml')
    FunctionsToExport    = @(
        'Complete-V2024PendingTask'
        'ConvertFrom-V2024JsonToJsonPatchOperation'
        'ConvertFrom-V2024JsonToTaskStatus'
        'Get-DefaultConfiguration'
        'Get-V2024PendingTaskHeaders'
        'Get-V2024PendingTasks'
        'Get-V2024TaskStatus'
        'Get-V2024TaskStatusList'
        'Initialize-V2024JsonPatchOperation'
        'Initialize-V2024TaskStatus'
        'Invoke-Paginate'
        'Set-DefaultConfiguration'
        'Update-V2024TaskStatus'
        'Wait-V2024TaskStatus'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @('ConvertFrom-JsonToJsonPatchOperation')
    PrivateData          = @{
        PSData = @{
            Tags       = @(
                'SailPoint', 'IdentityNow', 'ISC', 'IdentitySecurityCloud', 'TaskManagement', 'V2024'
                'Windows', 'Linux', 'MacOS'
            )
            LicenseUri = 'https://opensource.org/license/mit'
            ProjectUri = 'https://github.com/v2024-task-management/v2024-task-management'
        }
    }
}
