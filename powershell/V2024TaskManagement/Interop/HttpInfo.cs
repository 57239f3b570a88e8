using System;
using System.Collections;

namespace V2024;

/// <summary>What -WithHttpInfo returns: a hashtable with Response, StatusCode and Headers.</summary>
sealed class HttpInfo : Hashtable
{
    internal HttpInfo(object? result, Response response, int rows, bool isOver)
        : base(StringComparer.OrdinalIgnoreCase)
    {
        this["Response"] = result;
        this["StatusCode"] = response.Status;
        this["Headers"] = response.Headers;
        Rows = rows;
        IsOver = isOver;
    }

    /// <summary>How many rows the tenant's page had.</summary>
    internal int Rows { get; }

    /// <summary>Whether no later page can have what is wanted.</summary>
    internal bool IsOver { get; }
}
