# Starts and controls sandbox tenants for the tests.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:Running = [Collections.Generic.List[object]]::new()

# Starts a tenant on a free port and points this session's SAIL_* variables at it.
function Start-Sandbox {
    param([string[]] $Arguments = @('--tasks', '400', '--pending', '20', '--progress', '0'))
    $start = [Diagnostics.ProcessStartInfo]::new($env:V2024_TEST_SANDBOX, [string[]] @('--port', '0'; $Arguments))
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) { throw "the sandbox ended with $($process.ExitCode)" }
    $values = @{}
    foreach ($found in [regex]::Matches($line, "(\w+)=('[^']*'|\S+)")) {
        $values[$found.Groups[1].Value] = $found.Groups[2].Value.Trim("'")
    }
    $sandbox = [pscustomobject]@{
        BaseUrl      = $values.SAIL_BASE_URL
        ClientId     = $values.SAIL_CLIENT_ID
        ClientSecret = $values.SAIL_CLIENT_SECRET
        Process      = $process
    }
    $script:Running.Add($sandbox)
    Use-Sandbox -Sandbox $sandbox
    return $sandbox
}

# Points the environment of this session, and of programs it starts, at a tenant.
function Use-Sandbox {
    param($Sandbox)
    $env:SAIL_BASE_URL = $Sandbox.BaseUrl
    $env:SAIL_CLIENT_ID = $Sandbox.ClientId
    $env:SAIL_CLIENT_SECRET = $Sandbox.ClientSecret
}

# Sets the home folder of this session, and of programs it starts. On Windows it is in another variable.
function Use-Home {
    param([string] $Folder)
    $env:HOME = $Folder
    if ($IsWindows) { $env:USERPROFILE = $Folder }
}

# Stops all tenants that this session started.
function Stop-Sandbox {
    foreach ($sandbox in $script:Running) {
        $sandbox.Process.Kill()
        $sandbox.Process.WaitForExit()
    }
    $script:Running.Clear()
    Remove-Item -Path Env:SAIL_* -ErrorAction Ignore
}

# The requests that the tenant received since the last Reset-Sandbox; token requests only with -All.
function Get-SandboxRequest {
    param($Sandbox, [switch] $All)
    $requests = Invoke-RestMethod -Uri "$($Sandbox.BaseUrl)/sandbox/requests"
    foreach ($request in $requests) {
        if (-not $All -and $request.operation -eq 'token') { continue }
        $query = [ordered]@{}
        foreach ($parameter in $request.parameters) { $query[$parameter[0]] = $parameter[1] }
        $headers = @{}
        foreach ($header in $request.headers) { $headers[$header[0]] = $header[1] }
        $request | Add-Member -NotePropertyMembers @{ Sent = $query; Header = $headers } -PassThru
    }
}

# Clears requests and faults; with -Tasks it also restores the tasks.
function Reset-Sandbox {
    param($Sandbox, [switch] $Tasks)
    if ($Tasks) {
        $null = Invoke-RestMethod -Method Post -Uri "$($Sandbox.BaseUrl)/sandbox/reset"
        return
    }
    foreach ($what in 'faults', 'requests') {
        $null = Invoke-RestMethod -Method Delete -Uri "$($Sandbox.BaseUrl)/sandbox/$what"
    }
}

# Sends JSON to the sandbox's controls.
function Send-SandboxControl {
    param($Sandbox, [string] $Method, [string] $What, [object] $Body)
    $uri = "$($Sandbox.BaseUrl)/sandbox/$What"
    $null = Invoke-RestMethod -Method $Method -Uri $uri -ContentType application/json -Body $Body
}

# Changes rules of the tenant, given as JSON.
function Set-SandboxRule {
    param($Sandbox, [string] $Rules)
    Send-SandboxControl $Sandbox Patch rules $Rules
}

# Makes requests fail, by default the next one that is not for a token. See the sandbox's faults.
function Add-SandboxFault {
    param($Sandbox, [object] $Action, [string] $Operation = 'api', [hashtable] $More = @{})
    $fault = @{ operation = $Operation; action = $Action } + $More
    $body = ConvertTo-Json -InputObject $fault -Depth 10
    Send-SandboxControl $Sandbox Post faults $body
}

# Makes the tenant send a status and, if given, a body as JSON. -Times 0 means forever.
function Add-SandboxResponse {
    param(
        $Sandbox, [int] $Status, [string] $Body, [string] $Operation = 'api',
        [int] $Times = 1, [int] $Skip = 0, [object[]] $Headers
    )
    $response = @{ status = $Status }
    if ($PSBoundParameters.ContainsKey('Body')) {
        $response.body = $Body
        $response.headers = @(, @('content-type', 'application/json'))
    }
    if ($PSBoundParameters.ContainsKey('Headers')) { $response.headers = $Headers }
    $more = @{ times = $Times; skip = $Skip }
    Add-SandboxFault -Sandbox $Sandbox -Action @{ respond = $response } -Operation $Operation -More $more
}

# Fetches a token as a client would.
function New-SandboxToken {
    param($Sandbox)
    $form = @{
        grant_type = 'client_credentials'; client_id = $Sandbox.ClientId; client_secret = $Sandbox.ClientSecret
    }
    (Invoke-RestMethod -Method Post "$($Sandbox.BaseUrl)/oauth/token" -Body $form).access_token
}

# Sets the tenant's tasks to JSON texts that it sends unchanged.
function Set-SandboxTask {
    param($Sandbox, [string[]] $Task)
    $body = [Text.Encoding]::UTF8.GetBytes("[$($Task -join ',')]")
    Send-SandboxControl $Sandbox Put tasks $body
}

# The JSON of a file in data, without whitespace: one text, or one for each element of an array.
function Get-TestJson {
    param([string] $Name)
    $options = [Text.Json.JsonSerializerOptions]::new()
    $options.Encoder = [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping
    $node = [Text.Json.Nodes.JsonNode]::Parse((Get-Content -Raw -LiteralPath "$PSScriptRoot/data/$Name.json"))
    if ($node -isnot [Text.Json.Nodes.JsonArray]) { return $node.ToJsonString($options) }
    foreach ($element in $node) { $element.ToJsonString($options) }
}

# JSON without whitespace, and with one form of whole seconds, to compare two texts. ConvertFrom-Json would read dates.
function Format-Json {
    param([string] $Json)
    [Text.Json.Nodes.JsonNode]::Parse($Json).ToJsonString().Replace('.000Z"', 'Z"')
}

# Runs a script in a new PowerShell process with the module imported; returns its output and exit code.
function Invoke-Child {
    param(
        [string] $Script,
        [string] $Prelude = "Import-Module '$env:V2024_TEST_MODULE'",
        [hashtable] $Environment = @{},
        [string] $Folder
    )
    $file = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).ps1"
    Set-Content -LiteralPath $file -Value "$Prelude`n$Script"
    # The same PowerShell that runs the tests; if that is a .NET tool, the one on the PATH.
    $program = Get-Item -Path "$PSHOME/pwsh", "$PSHOME/pwsh.exe" -ErrorAction Ignore |
        Select-Object -First 1 -ExpandProperty FullName
    if (-not $program) { $program = 'pwsh' }
    try {
        $arguments = [string[]] @('-NoProfile', '-NonInteractive', '-File', $file)
        $start = [Diagnostics.ProcessStartInfo]::new($program, $arguments)
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $start.Environment['NO_COLOR'] = '1'
        if ($Folder) { $start.WorkingDirectory = $Folder }
        foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
        $process = [Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        return [pscustomobject]@{
            Output   = $output.Replace("`r", '').TrimEnd()
            Errors   = $errors.Result.Replace("`r", '').TrimEnd()
            ExitCode = $process.ExitCode
            File     = $file
        }
    }
    finally { Remove-Item -LiteralPath $file }
}

# Runs a script in a new session of this process with the module imported; much faster than a new process.
function Invoke-Session {
    param([string] $Script, [string] $Prelude = "Import-Module '$env:V2024_TEST_MODULE'")
    $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $culture = [cultureinfo]::CurrentCulture
    try {
        $output = $shell.AddScript("$Prelude`n$Script").Invoke()
        return [pscustomobject]@{
            Output = @($output.ForEach{ "$_" })
            Errors = @($shell.Streams.Error.ForEach{ "$_" })
        }
    }
    finally {
        $shell.Dispose()
        [cultureinfo]::CurrentCulture = $culture
        Use-Sandbox -Sandbox $script:Running[-1]
    }
}
