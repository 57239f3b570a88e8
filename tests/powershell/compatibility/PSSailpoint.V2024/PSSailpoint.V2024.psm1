# Stands in for the documented SDK: a module with the same command names.
$names = @(
    'Get-V2024PendingTaskHeaders', 'Get-V2024PendingTasks', 'Get-V2024TaskStatus', 'Get-V2024TaskStatusList'
    'Update-V2024TaskStatus', 'Initialize-V2024JsonPatchOperation', 'ConvertFrom-V2024JsonToJsonPatchOperation'
    'Initialize-V2024TaskStatus', 'ConvertFrom-V2024JsonToTaskStatus', 'ConvertFrom-JsonToJsonPatchOperation'
    'Get-DefaultConfiguration', 'Set-DefaultConfiguration', 'Invoke-Paginate', 'Get-V2024Accounts'
)
foreach ($name in $names) {
    Set-Item "function:$name" { "PSSailpoint.V2024 $($MyInvocation.MyCommand.Name)" }
}
