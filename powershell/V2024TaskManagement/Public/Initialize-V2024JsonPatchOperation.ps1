function Initialize-V2024JsonPatchOperation {
    [CmdletBinding()]
    [OutputType('V2024.JsonPatchOperation')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [ValidateSet('add', 'remove', 'replace', 'move', 'copy', 'test')]
        [string] $Op,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [string] $Path,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [AllowNull()]
        [psobject] $Value,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $From
    )
    process {
        # An operation without op or path is refused when it is sent; what was not given is left out, a given null is not.
        $operation = [ordered]@{ PSTypeName = 'V2024.JsonPatchOperation' }
        if ($PSBoundParameters.ContainsKey('Op')) { $operation.op = $Op.ToLowerInvariant() }
        foreach ($name in 'path', 'from', 'value') {
            if ($PSBoundParameters.ContainsKey($name)) { $operation[$name] = $PSBoundParameters[$name] }
        }
        return [pscustomobject] $operation
    }
}
