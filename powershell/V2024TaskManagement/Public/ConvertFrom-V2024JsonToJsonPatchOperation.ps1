function ConvertFrom-V2024JsonToJsonPatchOperation {
    [CmdletBinding()]
    [Alias('ConvertFrom-JsonToJsonPatchOperation')]
    [OutputType('V2024.JsonPatchOperation')]
    param(
        [Parameter(Position = 0)]
        [AllowEmptyString()]
        [string] $Json
    )
    process {
        ConvertFrom-V2024GivenJson -Cmdlet $PSCmdlet -Json $Json -Kind 'V2024.JsonPatchOperation' -Required 'op', 'path'
    }
}
