# Assembles a listing: 'label:', 'opcode', or 'opcode operand', where a member is Type.Member or Type.Member(types).
function Add-V2024Code {
    param($Method, [string] $Code, [hashtable] $Types, [hashtable] $Members, [hashtable] $Locals)
    $lines = foreach ($line in $Code.Split("`n", [StringSplitOptions]'TrimEntries, RemoveEmptyEntries')) {
        if (-not $line.StartsWith('//')) { $line }
    }
    $il = $Method.GetILGenerator()
    $variables = @{}
    foreach ($name in $Locals.Keys) { $variables[$name] = $il.DeclareLocal($Types[$Locals[$name]]) }
    $labels = @{}
    foreach ($line in $lines) { if ($line.EndsWith(':')) { $labels[$line.TrimEnd(':')] = $il.DefineLabel() } }

    foreach ($line in $lines) {
        if ($line.EndsWith(':')) { $il.MarkLabel($labels[$line.TrimEnd(':')]); continue }
        $name, $operands = $line.Split(' ', [StringSplitOptions]::RemoveEmptyEntries)
        $operand = "$operands"
        if ($name -eq '.try') { $null = $il.BeginExceptionBlock(); continue }
        if ($name -eq '.catch') { $il.BeginCatchBlock([Exception]); continue }
        if ($name -eq '.end') { $il.EndExceptionBlock(); continue }
        $opcode = [Reflection.Emit.OpCodes].GetField($name.Replace('.', '_'), [Reflection.BindingFlags]'Public, Static, IgnoreCase').GetValue($null)
        $value = switch ($opcode.OperandType) {
            'InlineMethod' { Resolve-V2024Member -Name $operand -Types $Types -Members $Members }
            'InlineField' { $Members[$operand] }
            'InlineType' { $Types[$operand] }
            'InlineVar' { $variables[$operand] }
            'InlineI' { [int] $operand }
            'InlineString' { $operand }
            'InlineBrTarget' { $labels[$operand] }
            'InlineSwitch' { , [Reflection.Emit.Label[]] $labels[$operands] }
        }
        if ($operand) { $il.Emit($opcode, $value) } else { $il.Emit($opcode) }
    }
}

function Resolve-V2024Member {
    param([string] $Name, [hashtable] $Types, [hashtable] $Members)
    if ($Members.ContainsKey($Name)) { return $Members[$Name] }
    $path, $list = $Name.TrimEnd(')').Split('(')
    $owner, $member = $path.Split('.')
    if ($null -eq $list) { return $Types[$owner].GetMethod($member) }
    $parameters = [type[]] @(foreach ($type in $list.Split(',', [StringSplitOptions]::RemoveEmptyEntries)) { $Types[$type] })
    if ($member -eq 'ctor') { return $Types[$owner].GetConstructor($parameters) }
    return $Types[$owner].GetMethod($member, $parameters)
}
