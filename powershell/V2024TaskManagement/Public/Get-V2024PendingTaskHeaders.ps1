function Get-V2024PendingTaskHeaders {
    [CmdletBinding()]
    [OutputType('V2024.PendingTaskHeaders')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Offset,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Limit,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [Nullable[bool]] $Count,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'get_pending_task_headers' -Bound $PSBoundParameters
    }
}
