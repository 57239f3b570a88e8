function ConvertFrom-V2024JsonToTaskStatus {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0)]
        [AllowEmptyString()]
        [string] $Json
    )
    process {
        ConvertFrom-V2024GivenJson -Cmdlet $PSCmdlet -Json $Json -Kind 'V2024.TaskStatus'
    }
}
