# Values that Tab offers.

$script:Completions = @{
    CompletionStatus = 'SUCCESS', 'WARNING', 'ERROR', 'TERMINATED', 'TEMPERROR'
    Sorters          = '-created', 'created'
    # The filter's names of the task definitions that tenants show most.
    Type             = @(
        'CLOUD_ACCESS_HISTORY_EXPORT', 'CLOUD_ACCOUNT_AGGREGATION', 'CLOUD_ATTRIBUTE_SYNC', 'CLOUD_CERTIFICATION_GENERATION'
        'CLOUD_GROUP_AGGREGATION', 'CLOUD_IDENTITY_REFRESH', 'CLOUD_PROCESS_UNCORRELATED_ACCOUNTS'
    )
}
