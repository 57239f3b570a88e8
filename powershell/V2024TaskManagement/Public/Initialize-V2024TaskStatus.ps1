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
