function Update-V2024TaskStatus {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string] $Id,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [psobject[]] $JsonPatchOperation,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin {
        # Operations piped for one given id come one by one, and are one patch.
        $collects = $PSBoundParameters.ContainsKey('Id') -and -not $PSBoundParameters.ContainsKey('JsonPatchOperation')
        $collected = [Collections.Generic.List[object]]::new()
    }
    process {
        if ($collects) { $collected.AddRange($JsonPatchOperation) }
        elseif ($PSCmdlet.ShouldProcess($Id)) { Update-V2024Task -Cmdlet $PSCmdlet -Bound $PSBoundParameters -JsonPatchOperation $JsonPatchOperation }
    }
    end {
        if ($collects -and $PSCmdlet.ShouldProcess($Id)) { Update-V2024Task -Cmdlet $PSCmdlet -Bound $PSBoundParameters -JsonPatchOperation $collected }
    }
}
