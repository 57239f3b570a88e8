$Id = "00eebcf881994e419d72e757fd30dc0e" # String | Task ID.

# Get task status by id

try {
    Get-V2024TaskStatus -Id $Id 
    
    # Below is a request that includes all optional parameters
    # Get-V2024TaskStatus -Id $Id  
} catch {
    Write-Host $_.Exception.Response.StatusCode.value__ "Exception occurred when calling Get-V2024TaskStatus"
    Write-Host $_.ErrorDetails
}
