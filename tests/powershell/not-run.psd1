@{
    # The tests that cannot run everywhere, with the reason. On is Windows, or Wine, where programs for Windows run on
    # Linux; or Unix, or macOS. File and Test are a test's file and its title, as they stand in the source; all tests of
    # the file are meant without Test. run.ps1 leaves these tests out there and prints them.
    Tests = @(
        @{
            On = 'Windows'
            File = 'Cultures'
            Test = 'time zone <Zone>'
            Why = 'Windows does not take the time zone from a variable'
        }
        @{
            On = 'Windows'
            File = 'Loading'
            Test = 'an import after the folder has changed is refused, and what was imported goes on'
            Why = 'Windows lets nobody replace a DLL that a process has loaded'
        }
        @{
            On = 'Windows'
            File = 'Throttle'
            Test = 'Ctrl+C tells of the changes that may have been made'
            Why = 'Windows has no terminal that a test could press Ctrl+C in'
        }
        @{
            On = 'macOS'
            File = 'Throttle'
            Test = 'Ctrl+C tells of the changes that may have been made'
            Why = 'the script program of macOS takes other options'
        }
        @{
            On = 'Windows'
            File = 'Schedule'
            Test = 'the line of the crontab exports the failures, with an empty home and environment'
            Why = 'Windows has no cron, sh and env'
        }
        @{
            On = 'Windows'
            File = 'Schedule'
            Test = 'a refused secret is printed and is exit code 1'
            Why = 'Windows has no cron, sh and env'
        }
        @{
            On = 'Windows'
            File = 'Schedule'
            Test = 'a secret that is missing is an error before any request'
            Why = 'Windows has no cron, sh and env'
        }
        @{
            On = 'Windows'
            File = 'Keyring'
            Test = 'locked, it gives nothing at once and asks nobody'
            Why = 'the Credential Manager cannot be locked'
        }
        @{
            On = 'Windows'
            File = 'Keyring'
            Test = 'without a session bus, it gives nothing at once'
            Why = 'Windows has no session bus'
        }
        @{
            On = 'macOS'
            File = 'Keyring'
            Why = 'a test may not add to the keychain of the user who runs it'
        }
        @{
            On = 'Unix'
            File = 'Loading'
            Test = 'is imported whole or not at all when <File> alone is marked as from the internet'
            Why = 'only Windows marks files'
        }
        @{
            On = 'Unix'
            File = 'Notes'
            Test = 'a settings file that another program has locked is told, and named by the error'
            Why = 'a lock of another program keeps nobody from reading there'
        }
        @{
            On = 'Wine'
            File = 'Network'
            Test = 'is trusted with -CertificateAuthority as the path <Path>'
            Why = 'wine refuses the certificate chain engine of Windows 8 and later (CertCreateCertificateChainEngine)'
        }
        @{
            On = 'Wine'
            File = 'Network'
            Test = 'is trusted with $env:SSL_CERT_FILE, for token and API requests'
            Why = 'wine refuses the certificate chain engine of Windows 8 and later (CertCreateCertificateChainEngine)'
        }
        @{
            On = 'Wine'
            File = 'Network'
            Test = 'is trusted with -CertificateAuthority, relative to the session''s folder'
            Why = 'wine refuses the certificate chain engine of Windows 8 and later (CertCreateCertificateChainEngine)'
        }
    )
}
