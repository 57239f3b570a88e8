<#
    .SYNOPSIS
        Creates a task status object from its members.

    .DESCRIPTION
        Creates an object with all members of a task status; members that were not
        given are $null. Nothing is sent. Use it in tests, and in scripts that
        compare tasks.

    .PARAMETER Id
        The id.

    .PARAMETER Type
        QUARTZ, QPOC or QUEUED_TASK.

    .PARAMETER UniqueName
        The name of the task.

    .PARAMETER Description
        The description.

    .PARAMETER ParentName
        The name of the parent task.

    .PARAMETER Launcher
        Who launched the task.

    .PARAMETER Target
        What the task works on: an object with id, type and name.

    .PARAMETER Created
        When the task was created.

    .PARAMETER Modified
        When the task was last changed.

    .PARAMETER Launched
        When the task was launched.

    .PARAMETER Completed
        When the task ended.

    .PARAMETER CompletionStatus
        How the task ended: SUCCESS, WARNING, ERROR, TERMINATED or TEMPERROR;
        empty for a pending task.

    .PARAMETER Messages
        The messages of the task.

    .PARAMETER Returns
        The counters of the task.

    .PARAMETER Attributes
        The attributes of the task.

    .PARAMETER Progress
        What the task is doing.

    .PARAMETER PercentComplete
        How much of the task is done, in percent.

    .PARAMETER TaskDefinitionSummary
        The definition that the task was created from.

    .INPUTS
        An object with properties of these names.

    .OUTPUTS
        V2024.TaskStatus.

    .EXAMPLE
        Initialize-V2024TaskStatus -Id id12345 -Type QUARTZ -PercentComplete 0

        Creates a task status with values for three of its members.

    .EXAMPLE
        Get-V2024TaskStatusList -Limit 1 |
            Select-Object id, uniqueName | Initialize-V2024TaskStatus

        Creates a task status with the id and name of another.

    .LINK
        ConvertFrom-V2024JsonToTaskStatus
#>
function Initialize-V2024TaskStatus {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [string] $Id,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('QUARTZ', 'QPOC', 'QUEUED_TASK')]
        [string] $Type,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [string] $UniqueName,

        [Parameter(Position = 3, ValueFromPipelineByPropertyName)]
        [string] $Description,

        [Parameter(Position = 4, ValueFromPipelineByPropertyName)]
        [string] $ParentName,

        [Parameter(Position = 5, ValueFromPipelineByPropertyName)]
        [string] $Launcher,

        [Parameter(Position = 6, ValueFromPipelineByPropertyName)]
        [psobject] $Target,

        [Parameter(Position = 7, ValueFromPipelineByPropertyName)]
        [datetime] $Created,

        [Parameter(Position = 8, ValueFromPipelineByPropertyName)]
        [Nullable[datetime]] $Modified,

        [Parameter(Position = 9, ValueFromPipelineByPropertyName)]
        [Nullable[datetime]] $Launched,

        [Parameter(Position = 10, ValueFromPipelineByPropertyName)]
        [Nullable[datetime]] $Completed,

        [Parameter(Position = 11, ValueFromPipelineByPropertyName)]
        [ValidateSet('SUCCESS', 'WARNING', 'ERROR', 'TERMINATED', 'TEMPERROR', '')]
        [string] $CompletionStatus,

        [Parameter(Position = 12, ValueFromPipelineByPropertyName)]
        [AllowNull()] [AllowEmptyCollection()]
        [psobject[]] $Messages,

        [Parameter(Position = 13, ValueFromPipelineByPropertyName)]
        [AllowNull()] [AllowEmptyCollection()]
        [psobject[]] $Returns,

        [Parameter(Position = 14, ValueFromPipelineByPropertyName)]
        [psobject] $Attributes,

        [Parameter(Position = 15, ValueFromPipelineByPropertyName)]
        [string] $Progress,

        [Parameter(Position = 16, ValueFromPipelineByPropertyName)]
        [int] $PercentComplete,

        [Parameter(Position = 17, ValueFromPipelineByPropertyName)]
        [psobject] $TaskDefinitionSummary
    )
    begin { $typed = @($PSBoundParameters.Keys) }
    process {
        $status = [ordered]@{ PSTypeName = 'V2024.TaskStatus' }
        foreach ($name in @(
                'id', 'type', 'uniqueName', 'description', 'parentName', 'launcher', 'target'
                'created', 'modified', 'launched', 'completed', 'completionStatus'
                'messages', 'returns', 'attributes', 'progress', 'percentComplete', 'taskDefinitionSummary')) {
            # A member that was not given is null, as in the tenant's JSON.
            $status[$name] = $null
            if (-not $PSBoundParameters.ContainsKey($name)) { continue }
            # A null member of a task from the pipeline stays null: as a string it would be empty, as a number 0.
            $isNull = $null -ne $_ -and $null -ne $_.PSObject.Properties[$name] -and $null -eq $_.$name
            if (-not $isNull) { $status[$name] = $PSBoundParameters[$name] }
        }
        [pscustomobject] $status
        # PowerShell would keep what it bound for this object for the objects that lack it.
        foreach ($name in @($PSBoundParameters.Keys).Where{ $_ -notin $typed }) {
            $null = $PSBoundParameters.Remove($name)
        }
    }
}
