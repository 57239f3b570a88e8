# Reads JSON text from users as objects: one for an object, or one for each element of an array.
function script:ConvertFrom-V2024GivenJson {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Json, [string] $Kind, [string[]] $Required = @())
    try {
        $objects = $script:Interop.GetType('V2024.JsonObjects')::Read($Json, $Kind)
        foreach ($object in $objects ?? , $null) {
            $names = if ($object -is [Collections.IDictionary]) { $object.Keys }
            elseif ($object -is [Management.Automation.PSCustomObject]) { foreach ($property in $object.psobject.Properties) { $property.Name } }
            else { throw [ArgumentException]::new('an object is expected') }
            foreach ($name in $Required) {
                if ($names -contains $name) { continue }
                throw [ArgumentException]::new("the required property '$name' is missing")
            }
        }
    }
    catch {
        $reason = $_.Exception.GetBaseException().Message
        Write-V2024InvalidArgument -Cmdlet $Cmdlet -Message "the JSON text is not a $Kind`: $reason"
        return
    }
    $objects
}
