<#
    .SYNOPSIS
        Makes an operation for Update-V2024TaskStatus.

    .DESCRIPTION
        Makes an object with the members of a JSON Patch operation (RFC 6902) that were given. A given $null, 0 or $false
        is a value.

    .PARAMETER Op
        What to do: add, remove, replace, move, copy or test.

    .PARAMETER Path
        Where, as a JSON Pointer: /completionStatus.

    .PARAMETER Value
        The value of add, replace and test: a text, number, Boolean, date, $null, hashtable or array.

    .PARAMETER From
        Where move and copy take from, as a JSON Pointer.

    .INPUTS
        An object with properties op, path, value and from.

    .OUTPUTS
        V2024.JsonPatchOperation. An object with op, path and, where given, from and value.

    .EXAMPLE
        $operation = Initialize-V2024JsonPatchOperation -Op replace -Path /description -Value 'New description'
        Update-V2024TaskStatus -Id 00eebcf881994e419d72e757fd30dc0e -JsonPatchOperation $operation

        Changes the description of a task.

    .EXAMPLE
        Initialize-V2024JsonPatchOperation -Op remove -Path /description

        An operation that has no value.

    .LINK
        Update-V2024TaskStatus

    .LINK
        ConvertFrom-V2024JsonToJsonPatchOperation
#>
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
