<#
    .SYNOPSIS
        Creates a patch operation for Update-V2024TaskStatus.

    .DESCRIPTION
        Creates an object with the given members of a JSON Patch operation (RFC
        6902). $null, 0 and $false count as given values.

    .PARAMETER Op
        What to do: add, remove, replace, move, copy or test.

    .PARAMETER Path
        The member to change, as a JSON Pointer: /completionStatus.

    .PARAMETER Value
        The value for add, replace and test: a string, number, Boolean, date,
        $null, hashtable or array.

    .PARAMETER From
        The source of move and copy, as a JSON Pointer.

    .INPUTS
        An object with the properties op, path, value and from.

    .OUTPUTS
        V2024.JsonPatchOperation. An object with op and path, and with from and
        value if they were given.

    .EXAMPLE
        $members = @{ Op = 'replace'; Path = '/description'; Value = 'New' }
        $operation = Initialize-V2024JsonPatchOperation @members
        $id = '00eebcf881994e419d72e757fd30dc0e'
        Update-V2024TaskStatus -Id $id -JsonPatchOperation $operation

        Changes the description of a task.

    .EXAMPLE
        Initialize-V2024JsonPatchOperation -Op remove -Path /description

        Creates an operation without a value.

    .LINK
        Update-V2024TaskStatus

    .LINK
        ConvertFrom-V2024JsonToJsonPatchOperation
#>
function Initialize-V2024JsonPatchOperation {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
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
    begin { $typed = @($PSBoundParameters.Keys) }
    process {
        # Members that were not given are left out; a given null is kept. A missing op or path is refused on sending.
        $operation = [ordered]@{ PSTypeName = 'V2024.JsonPatchOperation' }
        if ($PSBoundParameters.ContainsKey('Op')) { $operation.op = $Op.ToLowerInvariant() }
        foreach ($name in 'path', 'from', 'value') {
            if ($PSBoundParameters.ContainsKey($name)) { $operation[$name] = $PSBoundParameters[$name] }
        }
        [pscustomobject] $operation
        # PowerShell would keep what it bound for this object for the objects that lack it.
        foreach ($name in @($PSBoundParameters.Keys).Where{ $_ -notin $typed }) {
            $null = $PSBoundParameters.Remove($name)
        }
    }
}
