<#
    .SYNOPSIS
        Creates patch operations from JSON text.

    .DESCRIPTION
        Returns one object for a JSON object, or one for each element of a JSON
        array. Each must have op and path; other members are kept.
        ConvertFrom-JsonToJsonPatchOperation is an alias of this cmdlet.

    .PARAMETER Json
        The JSON text.

    .INPUTS
        System.String. JSON texts, or the lines of one, as from Get-Content.

    .OUTPUTS
        V2024.JsonPatchOperation.

    .EXAMPLE
        $json = '{"op":"replace","path":"/description","value":"New words"}'
        ConvertFrom-V2024JsonToJsonPatchOperation -Json $json

        Creates one operation.

    .EXAMPLE
        $json = '[{"op":"test","path":"/completionStatus","value":null},
            {"op":"replace","path":"/completionStatus","value":"ERROR"}]'
        $operations = ConvertFrom-JsonToJsonPatchOperation -Json $json
        $id = '00eebcf881994e419d72e757fd30dc0e'
        Update-V2024TaskStatus -Id $id -JsonPatchOperation $operations

        Sends two operations as one patch.

    .LINK
        Update-V2024TaskStatus

    .LINK
        Initialize-V2024JsonPatchOperation
#>
function ConvertFrom-V2024JsonToJsonPatchOperation {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [Alias('ConvertFrom-JsonToJsonPatchOperation')]
    [OutputType('V2024.JsonPatchOperation')]
    param(
        [Parameter(Position = 0, ValueFromPipeline)]
        [AllowEmptyString()]
        [string] $Json
    )
    begin { $call = $script:Session.ReadPatchOperation($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($Json) }
    end { $call.End() }
    clean { $call.Dispose() }
}
