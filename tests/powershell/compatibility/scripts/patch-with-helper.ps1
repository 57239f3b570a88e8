# The helper cmdlets, one and two operations.
$Operation = Initialize-V2024JsonPatchOperation -Op "replace" -Path "/description" -Value "by helper"
(Update-V2024TaskStatus -Id p1 -JsonPatchOperation $Operation).description
$Json = @"
[
  { "op": "replace", "path": "/description", "value": "by JSON" },
  { "op": "replace", "path": "/completionStatus", "value": "TERMINATED" }
]
"@
$Operations = ConvertFrom-V2024JsonToJsonPatchOperation -Json $Json
$Task = Update-V2024TaskStatus -Id p1 -JsonPatchOperation $Operations
"$($Task.description) $($Task.completionStatus)"
$Operations = $Json | ConvertFrom-Json
(Update-V2024TaskStatus -Id p1 -JsonPatchOperation $Operations).completionStatus
