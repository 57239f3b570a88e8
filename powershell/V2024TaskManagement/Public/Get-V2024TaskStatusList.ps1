function Get-V2024TaskStatusList {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Limit,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Offset,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [Nullable[bool]] $Count,

        [Parameter(Position = 3, ValueFromPipelineByPropertyName)]
        [string] $Filters,

        [Parameter(Position = 4, ValueFromPipelineByPropertyName)]
        [string] $Sorters,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'get_task_status_list' -Bound $PSBoundParameters
    }
}
