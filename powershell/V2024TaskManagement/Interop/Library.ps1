# The library's functions as static methods of a type, each with a field for where the function lies: so one assembly does
# for a library anywhere.

# First what a function returns, then what it takes. Texts go in as NUL-terminated UTF-8.
$script:Functions = [ordered]@{
    v2024_client_new  = [IntPtr], [byte[]], [IntPtr].MakeByRefType(), [int].MakeByRefType()
    v2024_client_free = [void], [IntPtr]
    v2024_call_start  = [IntPtr], [IntPtr], [byte[]]
    v2024_call_next   = [IntPtr], [IntPtr], [int], [int].MakeByRefType()
    v2024_call_free   = [void], [IntPtr]
    v2024_string_free = [void], [IntPtr]
}

function Add-V2024LibraryType {
    param([Reflection.Emit.ModuleBuilder] $Module)
    $type = $Module.DefineType('V2024.Library', [Reflection.TypeAttributes]'Public, Abstract, Sealed')
    # static void Bind(IntPtr library): fills the fields.
    $bind = $type.DefineMethod('Bind', [Reflection.MethodAttributes]'Public, Static', [void], [type[]] @([IntPtr])).GetILGenerator()
    foreach ($name in $script:Functions.Keys) {
        $result, [type[]] $parameters = $script:Functions[$name]
        $address = $type.DefineField("${name}_address", [IntPtr], [Reflection.FieldAttributes]'Private, Static')
        $bind.Emit([Reflection.Emit.OpCodes]::Ldarg_0)
        $bind.Emit([Reflection.Emit.OpCodes]::Ldstr, $name)
        $bind.Emit([Reflection.Emit.OpCodes]::Call, [Runtime.InteropServices.NativeLibrary].GetMethod('GetExport'))
        $bind.Emit([Reflection.Emit.OpCodes]::Stsfld, $address)
        $method = $type.DefineMethod($name, [Reflection.MethodAttributes]'Public, Static', $result, $parameters)
        $il = $method.GetILGenerator()
        for ($index = 0; $index -lt $parameters.Length; $index++) { $il.Emit([Reflection.Emit.OpCodes]::Ldarg, [short] $index) }
        $il.Emit([Reflection.Emit.OpCodes]::Ldsfld, $address)
        $il.EmitCalli([Reflection.Emit.OpCodes]::Calli, [Runtime.InteropServices.CallingConvention]::Cdecl, $result, $parameters)
        $il.Emit([Reflection.Emit.OpCodes]::Ret)
    }
    $bind.Emit([Reflection.Emit.OpCodes]::Ret)
    $null = $type.CreateType()
}
