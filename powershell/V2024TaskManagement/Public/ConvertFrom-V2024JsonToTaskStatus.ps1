<#
    .SYNOPSIS
        Makes task statuses from JSON text.

    .DESCRIPTION
        Gives the objects that the other cmdlets give for the same JSON: dates are [datetime] in UTC, members that are
        not known stay.

    .PARAMETER Json
        The text of one task status or of an array of them.

    .INPUTS
        None.

    .OUTPUTS
        V2024.TaskStatus.

    .EXAMPLE
        ConvertFrom-V2024JsonToTaskStatus -Json '{"id":"id12345","type":"QUARTZ","created":"2020-07-11T21:23:15.000Z"}'

        One task status.

    .EXAMPLE
        $text = Get-V2024TaskStatusList -Limit 2 | ConvertTo-Json -Depth 10
        ConvertFrom-V2024JsonToTaskStatus -Json $text

        What ConvertTo-Json wrote, read again.

    .LINK
        Get-V2024TaskStatus
#>
function ConvertFrom-V2024JsonToTaskStatus {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0)]
        [AllowEmptyString()]
        [string] $Json
    )
    begin { Import-V2024Private }
    process {
        ConvertFrom-V2024GivenJson -Cmdlet $PSCmdlet -Json $Json -Kind 'V2024.TaskStatus'
    }
}
