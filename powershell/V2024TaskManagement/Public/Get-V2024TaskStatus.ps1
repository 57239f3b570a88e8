function Get-V2024TaskStatus {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string] $Id,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'get_task_status' -Bound $PSBoundParameters
    }
}
