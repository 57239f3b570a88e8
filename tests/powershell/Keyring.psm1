# A keyring with entries as the sail command line stores them: on Linux a GNOME Keyring on a bus of its own, on Windows
# the Credential Manager of the user who runs the tests.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:Processes = [Collections.Generic.List[Diagnostics.Process]]::new()
$script:Targets = [Collections.Generic.List[string]]::new()
$script:Folder = $null
$script:Saved = @{}
$script:Environment = @{}

# Starts the keyring and leads this session, and programs it starts, to it.
function Start-Keyring {
    if ($IsWindows) {
        Add-Type -TypeDefinition $script:CredentialManager -ErrorAction Stop
        return
    }
    $folder = [IO.Directory]::CreateTempSubdirectory('v2024-keyring-').FullName
    $script:Folder = $folder
    Set-Content "$folder/bus.conf" @"
<busconfig><type>session</type><listen>unix:path=$folder/bus</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>
"@
    foreach ($name in 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR') {
        $script:Saved[$name] = [Environment]::GetEnvironmentVariable($name)
    }
    $bus = Start-Program dbus-daemon '--nofork', '--print-address', "--config-file=$folder/bus.conf"
    $env:DBUS_SESSION_BUS_ADDRESS = $bus.StandardOutput.ReadLine()
    $env:XDG_RUNTIME_DIR = $folder
    $script:Environment = @{ HOME = $folder; XDG_DATA_HOME = $folder }
    $daemon = Start-Program gnome-keyring-daemon '--foreground', '--unlock', '--components=secrets'
    # The password of the keyring, which it makes with it.
    $daemon.StandardInput.Write("pw`n")
    $daemon.StandardInput.Close()
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (Test-Entry test test test)) {
        if ($watch.Elapsed.TotalSeconds -gt 20) { throw 'the keyring did not start' }
        Start-Sleep -Milliseconds 50
    }
}

# Ends the keyring and removes what was stored in it.
function Stop-Keyring {
    foreach ($target in $script:Targets) { $null = [V2024Test.CredentialManager]::CredDelete($target, 1, 0) }
    $script:Targets.Clear()
    foreach ($process in $script:Processes) {
        $process.Kill()
        $process.WaitForExit()
    }
    $script:Processes.Clear()
    foreach ($name in $script:Saved.Keys) { [Environment]::SetEnvironmentVariable($name, $script:Saved[$name]) }
    if ($script:Folder) { [IO.Directory]::Delete($script:Folder, $true) }
    $script:Folder = $null
}

# Stores an entry. On Windows it is the user's own, so nothing may be there yet.
function Add-KeyringEntry {
    param([string] $Service, [string] $User, [string] $Secret)
    if (-not $IsWindows) {
        if (-not (Test-Entry $Service $User $Secret)) { throw "the keyring did not store $Service" }
        return
    }
    $target = "${Service}:$User"
    [V2024Test.CredentialManager]::Write($target, $User, $Secret)
    $script:Targets.Add($target)
}

# Locks the keyring; on Linux only.
function Lock-Keyring {
    $lock = Start-Program dbus-send @(
        '--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets'
        'org.freedesktop.Secret.Service.Lock', 'array:objpath:/org/freedesktop/secrets/collection/login'
    )
    $lock.WaitForExit()
    if ($lock.ExitCode) { throw "dbus-send ended with $($lock.ExitCode)" }
}

# Starts a program beside the keyring.
function Start-Program {
    param([string] $Name, [string[]] $Arguments)
    $start = [Diagnostics.ProcessStartInfo]::new($Name, $Arguments)
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    foreach ($variable in $script:Environment.Keys) { $start.Environment[$variable] = $script:Environment[$variable] }
    $process = try { [Diagnostics.Process]::Start($start) } catch {
        throw "Debian's packages dbus-bin, dbus-daemon, gnome-keyring and libsecret-tools are needed: $_"
    }
    $script:Processes.Add($process)
    return $process
}

# Stores an entry in the Secret Service; whether it could.
function Test-Entry {
    param([string] $Service, [string] $User, [string] $Secret)
    $tool = Start-Program secret-tool store, --label=test, service, $Service, username, $User
    $tool.StandardInput.Write($Secret)
    $tool.StandardInput.Close()
    $tool.WaitForExit()
    $tool.ExitCode -eq 0
}

$script:CredentialManager = @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace V2024Test
{
    public static class CredentialManager
    {
        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        struct Credential
        {
            public int Flags, Type;
            public string TargetName, Comment;
            public long LastWritten;
            public int BlobSize;
            public IntPtr Blob;
            public int Persist, AttributeCount;
            public IntPtr Attributes;
            public string TargetAlias, UserName;
        }

        [DllImport("advapi32", EntryPoint = "CredWriteW", CharSet = CharSet.Unicode, SetLastError = true)]
        static extern bool CredWrite(ref Credential credential, int flags);

        [DllImport("advapi32", EntryPoint = "CredDeleteW", CharSet = CharSet.Unicode)]
        public static extern bool CredDelete(string target, int type, int flags);

        // Generic, for this session: as go-keyring writes it, but gone after a restart.
        public static void Write(string target, string user, string secret)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(secret);
            IntPtr blob = Marshal.AllocHGlobal(bytes.Length);
            Marshal.Copy(bytes, 0, blob, bytes.Length);
            var credential = new Credential
            {
                Type = 1, TargetName = target, UserName = user, BlobSize = bytes.Length, Blob = blob, Persist = 1,
            };
            bool isWritten = CredWrite(ref credential, 0);
            int code = Marshal.GetLastPInvokeError();
            Marshal.FreeHGlobal(blob);
            if (!isWritten) throw new Win32Exception(code);
        }
    }
}
'@

Export-ModuleMember -Function Start-Keyring, Stop-Keyring, Add-KeyringEntry, Lock-Keyring
