<#
    .SYNOPSIS
        Makes patch operations from JSON text.

    .DESCRIPTION
        Gives one object for a JSON object, one each for an array. Each must have op and path; other members stay.
        ConvertFrom-JsonToJsonPatchOperation is another name of it.

    .PARAMETER Json
        The text.

    .INPUTS
        None.

    .OUTPUTS
        V2024.JsonPatchOperation.

    .EXAMPLE
        ConvertFrom-V2024JsonToJsonPatchOperation -Json '{"op":"replace","path":"/description","value":"New description"}'

        One operation.

    .EXAMPLE
        $operations = ConvertFrom-JsonToJsonPatchOperation -Json '[{"op":"test","path":"/completionStatus","value":null},{"op":"replace","path":"/completionStatus","value":"ERROR"}]'
        Update-V2024TaskStatus -Id 00eebcf881994e419d72e757fd30dc0e -JsonPatchOperation $operations

        Sends two.

    .LINK
        Update-V2024TaskStatus

    .LINK
        Initialize-V2024JsonPatchOperation
#>
function ConvertFrom-V2024JsonToJsonPatchOperation {
    [CmdletBinding()]
    [Alias('ConvertFrom-JsonToJsonPatchOperation')]
    [OutputType('V2024.JsonPatchOperation')]
    param(
        [Parameter(Position = 0)]
        [AllowEmptyString()]
        [string] $Json
    )
    begin { Import-V2024Private }
    process {
        ConvertFrom-V2024GivenJson -Cmdlet $PSCmdlet -Json $Json -Kind 'V2024.JsonPatchOperation' -Required 'op', 'path'
    }
}
