<#
    .SYNOPSIS
        Makes a task status from its members.

    .DESCRIPTION
        Makes an object with all members of a task status, $null where nothing is given. Nothing is sent: it serves
        tests, and scripts that compare.

    .PARAMETER Id
        The id.

    .PARAMETER Type
        QUARTZ, QPOC or QUEUED_TASK.

    .PARAMETER UniqueName
        The name of the task.

    .PARAMETER Description
        The description.

    .PARAMETER ParentName
        The name of the task it belongs to.

    .PARAMETER Launcher
        Who launched it.

    .PARAMETER Target
        What it works on: an object with id, type and name.

    .PARAMETER Created
        When it was created.

    .PARAMETER Modified
        When it was changed last.

    .PARAMETER Launched
        When it was launched.

    .PARAMETER Completed
        When it ended.

    .PARAMETER CompletionStatus
        How it ended: SUCCESS, WARNING, ERROR, TERMINATED or TEMPERROR; empty for one that has not.

    .PARAMETER Messages
        Its messages.

    .PARAMETER Returns
        What it counted.

    .PARAMETER Attributes
        Its attributes.

    .PARAMETER Progress
        What it is doing.

    .PARAMETER PercentComplete
        How far it is.

    .PARAMETER TaskDefinitionSummary
        The definition it was made from.

    .INPUTS
        An object with properties of these names.

    .OUTPUTS
        V2024.TaskStatus.

    .EXAMPLE
        Initialize-V2024TaskStatus -Id id12345 -Type QUARTZ -UniqueName 'Big Task' -PercentComplete 0

        A task status with four of its members.

    .EXAMPLE
        Get-V2024TaskStatusList -Limit 1 | Select-Object id, uniqueName | Initialize-V2024TaskStatus

        One with the id and name of another.

    .LINK
        ConvertFrom-V2024JsonToTaskStatus
#>
function Initialize-V2024TaskStatus {
    [CmdletBinding()]
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
        [hashtable] $Attributes,

        [Parameter(Position = 15, ValueFromPipelineByPropertyName)]
        [string] $Progress,

        [Parameter(Position = 16, ValueFromPipelineByPropertyName)]
        [int] $PercentComplete,

        [Parameter(Position = 17, ValueFromPipelineByPropertyName)]
        [psobject] $TaskDefinitionSummary
    )
    process {
        $status = [ordered]@{ PSTypeName = 'V2024.TaskStatus' }
        foreach ($name in @(
                'id', 'type', 'uniqueName', 'description', 'parentName', 'launcher', 'target', 'created', 'modified', 'launched', 'completed'
                'completionStatus', 'messages', 'returns', 'attributes', 'progress', 'percentComplete', 'taskDefinitionSummary')) {
            # What was not given is null, as in a task status that has no such value.
            $status[$name] = $null
            if ($PSBoundParameters.ContainsKey($name)) { $status[$name] = $PSBoundParameters[$name] }
        }
        return [pscustomobject] $status
    }
}
