# Turns the library's JSON into objects. It is emitted as IL because it is what a page's time goes into:
# 250 tasks (410 KB) take 6 ms here, 25 ms by ConvertFrom-Json without type names and dates, 40 ms with them.
# ConvertFrom-V2024Json does the same in script; a test holds the two together.

# For each type name, the members that are more than plain values: a type name of their own, or 'datetime'.
$script:ReaderKinds = [ordered]@{
    'V2024.Reply'              = @{ body = 'V2024.TaskStatus' }
    'V2024.TaskStatus'         = @{
        created = 'datetime'; modified = 'datetime'; launched = 'datetime'; completed = 'datetime'
        target = 'V2024.Target'; messages = 'V2024.TaskStatusMessage'
    }
    'V2024.Target'             = @{}
    'V2024.TaskStatusMessage'  = @{}
    'V2024.JsonPatchOperation' = @{}
}

# What both readers go by. A date is an instant that [datetime] holds without loss; every other text stays the text it is.
# 80 is AdjustToUniversal and AssumeUniversal.
$script:ReaderStartCode = @'
        ldc.i4      500
        stsfld      MaximumDepth
        ldloca      options
        initobj     JsonReaderOptions
        ldloca      options
        ldsfld      MaximumDepth
        call        JsonReaderOptions.set_MaxDepth
        ldloc       options
        stsfld      Options
        ldc.i4      80
        stsfld      DateStyles
        ldc.i4.2
        newarr      string
        dup
        ldc.i4.0
        ldstr       yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'
        stelem.ref
        dup
        ldc.i4.1
        ldstr       yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz
        stelem.ref
        stsfld      DateFormats
        newobj      EmptyList.ctor()
        stsfld      EmptyList
        newobj      KindTable.ctor()
        stsfld      Kinds
'@

# static object Read(ref Utf8JsonReader reader, string kind): the value at the reader.
# kind is the type name an object gets, 'datetime' for a date member, null for all else; Kinds says which member of
# which type has which kind. An array hands its kind to its elements.
# Where keys collide or are empty, the object is read again, into a case-sensitive dictionary.
$script:ReaderCode = @'
        ldarg.0
        call        Utf8JsonReader.get_TokenType
        switch      odd object odd array odd odd odd string number true false null
    odd:
        newobj      InvalidOperationException.ctor()
        throw
    null:
        ldnull
        ret
    true:
        ldc.i4.1
        box         bool
        ret
    false:
        ldc.i4.0
        box         bool
        ret

    number:
        ldarg.0
        ldloca      integer
        call        Utf8JsonReader.TryGetInt64
        brfalse     real
        ldloc       integer
        box         long
        ret
    real:
        // More digits than a double holds, perhaps: left to the script.
        ldarg.0
        call        Utf8JsonReader.get_ValueSpan
        stloc       digits
        ldloca      digits
        call        ReadOnlySpan.get_Length
        ldc.i4      17
        bgt         odd
        ldarg.0
        call        Utf8JsonReader.GetDouble
        box         double
        ret

    string:
        ldarg.0
        call        Utf8JsonReader.GetString
        stloc       name
        ldarg.1
        ldstr       datetime
        call        string.Equals(string,string)
        brfalse     text
        ldloc       name
        ldsfld      DateFormats
        call        CultureInfo.get_InvariantCulture
        ldsfld      DateStyles
        ldloca      date
        call        DateTime.TryParseExact(string,string[],IFormatProvider,DateTimeStyles,DateTime&)
        brfalse     text
        ldloc       date
        box         DateTime
        ret
    text:
        ldloc       name
        ret

    array:
        newobj      List.ctor()
        stloc       list
    element:
        ldarg.0
        call        Utf8JsonReader.Read
        pop
        ldarg.0
        call        Utf8JsonReader.get_TokenType
        ldc.i4      4
        beq         endArray
        ldloc       list
        ldarg.0
        ldarg.1
        call        self
        callvirt    List.Add
        br          element
    endArray:
        ldarg.1
        brfalse     plain
        ldsfld      Kinds
        ldarg.1
        callvirt    KindTable.ContainsKey
        brfalse     plain
        // An array that is text as Types.ps1xml says. But PowerShell passes over a ToString in script that gives no text:
        // no messages would be System.Object[] in a CSV file.
        ldloc       list
        callvirt    List.get_Count
        brtrue      typed
        ldarg.1
        ldstr       V2024.TaskStatusMessage
        call        string.Equals(string,string)
        brfalse     plain
        ldsfld      EmptyList
        ret
    typed:
        ldloc       list
        callvirt    List.ToArray
        newobj      PSObject.ctor(object)
        stloc       result
        ldloc       result
        callvirt    PSObject.get_TypeNames
        ldc.i4.0
        ldstr       V2024.List
        callvirt    Collection.Insert
        ldloc       result
        ret
    plain:
        ldloc       list
        callvirt    List.ToArray
        ret

    object:
        ldarg.0
        ldobj       Utf8JsonReader
        stloc       start
        ldc.i4      18
        newobj      PSObject.ctor(int)
        stloc       result
        ldloc       result
        callvirt    PSObject.get_Properties
        stloc       properties
        call        StringComparer.get_OrdinalIgnoreCase
        newobj      HashSet.ctor(IEqualityComparer)
        stloc       seen
        ldarg.1
        brfalse     member
        ldsfld      Kinds
        ldarg.1
        ldloca      kinds
        callvirt    KindTable.TryGetValue
        brfalse     member
        ldloc       result
        callvirt    PSObject.get_TypeNames
        ldc.i4.0
        ldarg.1
        callvirt    Collection.Insert
    member:
        ldarg.0
        call        Utf8JsonReader.Read
        pop
        ldarg.0
        call        Utf8JsonReader.get_TokenType
        ldc.i4      2
        beq         endObject
        ldarg.0
        call        Utf8JsonReader.GetString
        stloc       name
        ldloc       name
        callvirt    string.get_Length
        brfalse     collision
        ldloc       seen
        ldloc       name
        callvirt    HashSet.Add
        brfalse     collision
        ldnull
        stloc       kind
        ldloc       kinds
        brfalse     value
        ldloc       kinds
        ldloc       name
        ldloca      kind
        callvirt    KindMap.TryGetValue
        pop
    value:
        ldloc       properties
        ldloc       name
        ldarg.0
        call        Utf8JsonReader.Read
        pop
        ldarg.0
        ldloc       kind
        call        self
        newobj      PSNoteProperty.ctor(string,object)
        ldc.i4.1
        callvirt    Properties.Add(PSPropertyInfo,bool)
        br          member
    endObject:
        ldloc       result
        ret

    collision:
        ldarg.0
        ldloc       start
        stobj       Utf8JsonReader
        call        StringComparer.get_Ordinal
        newobj      OrderedDictionary.ctor(IEqualityComparer0)
        stloc       table
    entry:
        ldarg.0
        call        Utf8JsonReader.Read
        pop
        ldarg.0
        call        Utf8JsonReader.get_TokenType
        ldc.i4      2
        beq         endTable
        ldloc       table
        ldarg.0
        call        Utf8JsonReader.GetString
        ldarg.0
        call        Utf8JsonReader.Read
        pop
        ldarg.0
        ldnull
        call        self
        callvirt    OrderedDictionary.set_Item(object,object)
        br          entry
    endTable:
        ldloc       table
        ret
'@

# static object Read(IntPtr json, string kind): the value of a NUL-terminated text; null when it is not for this reader.
$script:ReaderEntryCode = @'
        .try
        ldloca      reader
        ldarg.0
        call        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(byte*)
        ldsfld      Options
        call        Utf8JsonReader.ctor(ReadOnlySpan,JsonReaderOptions)
        ldloca      reader
        call        Utf8JsonReader.Read
        pop
        ldloca      reader
        ldarg.1
        call        read
        stloc       result
        .catch
        pop
        .end
        ldloc       result
        ret
'@

# An empty list whose text is empty; with the Length that an array has.
function Add-V2024EmptyListType {
    param([Reflection.Emit.ModuleBuilder] $Module)
    $parent = [Collections.ObjectModel.ReadOnlyCollection[object]]
    $type = $Module.DefineType('V2024.EmptyList', [Reflection.TypeAttributes]'Public, Sealed', $parent)
    $types = @{ object = [object]; List = $parent; Contents = [Collections.Generic.IList[object]] }
    $constructor = $type.DefineConstructor([Reflection.MethodAttributes]::Public, [Reflection.CallingConventions]::Standard, [type]::EmptyTypes)
    Add-V2024Code -Method $constructor -Types $types -Members @{} -Locals @{} -Code @'
        ldarg.0
        ldc.i4.0
        newarr      object
        call        List.ctor(Contents)
        ret
'@
    $text = $type.DefineMethod('ToString', [Reflection.MethodAttributes]'Public, Virtual', [string], [type]::EmptyTypes)
    Add-V2024Code -Method $text -Types $types -Members @{ Empty = [string].GetField('Empty') } -Locals @{} -Code "ldsfld Empty`nret"
    $length = $type.DefineProperty('Length', [Reflection.PropertyAttributes]::None, [int], $null)
    $getter = $type.DefineMethod('get_Length', [Reflection.MethodAttributes]'Public, SpecialName', [int], [type]::EmptyTypes)
    Add-V2024Code -Method $getter -Types $types -Members @{} -Locals @{} -Code "ldc.i4.0`nret"
    $length.SetGetMethod($getter)
    return $type.CreateType()
}

function Add-V2024ReplyReaderType {
    param([Reflection.Emit.ModuleBuilder] $Module)
    $types = @{
        bool                      = [bool]
        'byte*'                   = [byte].MakePointerType()
        Collection                = [Collections.ObjectModel.Collection[string]]
        CultureInfo               = [cultureinfo]
        DateTime                  = [datetime]
        'DateTime&'               = [datetime].MakeByRefType()
        DateTimeStyles            = [Globalization.DateTimeStyles]
        double                    = [double]
        HashSet                   = [Collections.Generic.HashSet[string]]
        IEqualityComparer         = [Collections.Generic.IEqualityComparer[string]]
        IEqualityComparer0        = [Collections.IEqualityComparer]
        IFormatProvider           = [IFormatProvider]
        int                       = [int]
        InvalidOperationException = [InvalidOperationException]
        JsonReaderOptions         = [Text.Json.JsonReaderOptions]
        KindMap                   = [Collections.Generic.Dictionary[string, string]]
        KindTable                 = [Collections.Generic.Dictionary[string, Collections.Generic.Dictionary[string, string]]]
        List                      = [Collections.Generic.List[object]]
        long                      = [long]
        MemoryMarshal             = [Runtime.InteropServices.MemoryMarshal]
        object                    = [object]
        OrderedDictionary         = [Collections.Specialized.OrderedDictionary]
        Properties                = [Management.Automation.PSMemberInfoCollection[Management.Automation.PSPropertyInfo]]
        PSNoteProperty            = [Management.Automation.PSNoteProperty]
        PSObject                  = [Management.Automation.PSObject]
        PSPropertyInfo            = [Management.Automation.PSPropertyInfo]
        ReadOnlySpan              = [ReadOnlySpan[byte]]
        string                    = [string]
        'string[]'                = [string[]]
        StringComparer            = [StringComparer]
        Utf8JsonReader            = [Text.Json.Utf8JsonReader]
    }
    $types.EmptyList = Add-V2024EmptyListType -Module $Module
    $type = $Module.DefineType('V2024.ReplyReader', [Reflection.TypeAttributes]'Public, Abstract, Sealed')
    $fields = [Reflection.FieldAttributes]'Public, Static'
    $methods = [Reflection.MethodAttributes]'Public, Static'
    $members = @{
        Kinds        = $type.DefineField('Kinds', $types.KindTable, $fields)
        DateFormats  = $type.DefineField('DateFormats', $types.'string[]', $fields)
        DateStyles   = $type.DefineField('DateStyles', $types.DateTimeStyles, $fields)
        Options      = $type.DefineField('Options', $types.JsonReaderOptions, $fields)
        MaximumDepth = $type.DefineField('MaximumDepth', $types.int, $fields)
        EmptyList    = $type.DefineField('EmptyList', $types.object, $fields)
        self         = $type.DefineMethod('Read', $methods, [object], [type[]]@([Text.Json.Utf8JsonReader].MakeByRefType(), [string]))
    }
    # Compiled for speed at once, not after the first pages.
    $members.self.SetImplementationFlags([Reflection.MethodImplAttributes]::AggressiveOptimization)
    Add-V2024Code -Method $members.self -Code $script:ReaderCode -Types $types -Members $members -Locals @{
        result = 'PSObject'; properties = 'Properties'; seen = 'HashSet'; kinds = 'KindMap'; name = 'string'; kind = 'string'
        date = 'DateTime'; integer = 'long'; digits = 'ReadOnlySpan'; list = 'List'; start = 'Utf8JsonReader'; table = 'OrderedDictionary'
    }
    $entry = $type.DefineMethod('Read', $methods, [object], [type[]]@([IntPtr], [string]))
    $members.read = $members.self
    Add-V2024Code -Method $entry -Code $script:ReaderEntryCode -Types $types -Members $members -Locals @{ reader = 'Utf8JsonReader'; result = 'object' }
    $start = foreach ($kind in $script:ReaderKinds.Keys) {
        'newobj KindMap.ctor()'
        'stloc kinds'
        foreach ($member in $script:ReaderKinds[$kind].GetEnumerator()) { 'ldloc kinds'; "ldstr $($member.Key)"; "ldstr $($member.Value)"; 'callvirt KindMap.Add' }
        'ldsfld Kinds'; "ldstr $kind"; 'ldloc kinds'; 'callvirt KindTable.Add'
    }
    Add-V2024Code -Method $type.DefineTypeInitializer() -Code ((@($script:ReaderStartCode) + $start + 'ret') -join "`n") -Types $types -Members $members -Locals @{
        options = 'JsonReaderOptions'; kinds = 'KindMap'
    }
    $null = $type.CreateType()
}
