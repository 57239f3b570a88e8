<#
    .SYNOPSIS
        Creates task status objects from JSON text.

    .DESCRIPTION
        Returns the same objects as the other cmdlets do for this JSON: dates are
        [datetime] in UTC, and unknown members are kept.

    .PARAMETER Json
        The JSON text of one task status or of an array of them.

    .INPUTS
        System.String. JSON texts, or the lines of one, as from Get-Content.

    .OUTPUTS
        V2024.TaskStatus.

    .EXAMPLE
        $json = '{"id":"id12345","created":"2020-07-11T21:23:15.000Z"}'
        ConvertFrom-V2024JsonToTaskStatus -Json $json

        Creates one task status.

    .EXAMPLE
        $text = Get-V2024TaskStatusList -Limit 2 | ConvertTo-Json -Depth 10
        ConvertFrom-V2024JsonToTaskStatus -Json $text

        Reads what ConvertTo-Json wrote.

    .LINK
        Get-V2024TaskStatus
#>
function ConvertFrom-V2024JsonToTaskStatus {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [AllowEmptyString()]
        [string] $Json
    )
    begin { $call = $script:Session.ReadTaskStatus($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($Json) }
    end { $call.End() }
    clean { $call.Dispose() }
}
