// The five operations from .NET: a class to copy.
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

/// <summary>A failed call: the kind of error, and the complete response with the tenant's body.</summary>
public sealed class TaskException(JsonObject response) : Exception(MessageOf(response))
{
    public string Code => (string)Response["error"]!["code"]!;

    public JsonObject Response { get; } = response;

    static string MessageOf(JsonObject response)
    {
        var error = response["error"]!;
        return string.Join(". ", new[] { error["message"], error["hint"] }.Where(text => text != null));
    }
}

/// <summary>
/// A tenant's tasks. Thread safe: share one. Options are the members of a request that v2024_call_start describes:
/// limit, offset, count, filters, sorters, and all = true for every page.
/// </summary>
public sealed class Tasks : IDisposable
{
    readonly Native.Client client;

    /// <summary>Settings such as BaseUrl; null means environment and files.</summary>
    public Tasks(JsonObject? settings = null)
    {
        var result = Native.v2024_client_new(settings?.ToJsonString(), out client, IntPtr.Zero);
        Checked(Native.Read(result)!);
    }

    public void Dispose() => client.Dispose();

    public JsonObject PendingHeaders(JsonObject? options = null, CancellationToken cancel = default) =>
        (JsonObject)One("get_pending_task_headers", options, cancel)["headers"]!;

    /// <summary>The pending tasks: a page of at most 250, or with all = true every one.</summary>
    public IEnumerable<JsonNode> Pending(JsonObject? options = null, CancellationToken cancel = default) =>
        Rows("get_pending_tasks", options, cancel);

    public JsonNode Get(string id, CancellationToken cancel = default) =>
        One("get_task_status", new() { ["id"] = id }, cancel)["body"]!;

    /// <summary>Tasks: a page of at most 250, or with all = true every one.</summary>
    public IEnumerable<JsonNode> List(JsonObject? options = null, CancellationToken cancel = default) =>
        Rows("get_task_status_list", options, cancel);

    public JsonNode Update(string id, JsonArray patch, CancellationToken cancel = default) =>
        One("update_task_status", new() { ["id"] = id, ["json_patch"] = patch }, cancel)["body"]!;

    IEnumerable<JsonNode> Rows(string operation, JsonObject? options, CancellationToken cancel) =>
        Responses(operation, options, cancel).SelectMany(page => page["body"] as JsonArray ?? []).Select(row => row!);

    JsonObject One(string operation, JsonObject? options, CancellationToken cancel) =>
        Responses(operation, options, cancel).Single();

    /// <summary>Makes a call and gives its responses: one, or one for each page.</summary>
    IEnumerable<JsonObject> Responses(string operation, JsonObject? options, CancellationToken cancel)
    {
        var request = options?.DeepClone().AsObject() ?? [];
        request["operation"] = operation;
        using var call = Native.v2024_call_start(client, request.ToJsonString());
        // From another thread: this one is inside v2024_call_next, which ends at once then.
        using var registered = cancel.Register(() => Native.v2024_call_cancel(call));
        while (Native.Read(Native.v2024_call_next(call, -1, IntPtr.Zero)) is { } message)
        {
            if ((string?)message["kind"] == "response")
                yield return Checked(message);
        }
    }

    static JsonObject Checked(JsonObject response) =>
        response.ContainsKey("error") ? throw new TaskException(response) : response;
}

/// <summary>The functions of the library.</summary>
static class Native
{
    const string Library = "v2024_task_management";

    /// <summary>Loads the library from a path; without this .NET looks for it beside the program.</summary>
    public static void LoadFrom(string path) => NativeLibrary.SetDllImportResolver(
        typeof(Native).Assembly,
        (name, _, _) => name == Library ? NativeLibrary.Load(Path.GetFullPath(path)) : IntPtr.Zero);

    /// <summary>Reads a text of the library and frees it.</summary>
    public static JsonObject? Read(IntPtr text)
    {
        try
        {
            return text == IntPtr.Zero ? null : JsonNode.Parse(Marshal.PtrToStringUTF8(text)!)!.AsObject();
        }
        finally
        {
            v2024_string_free(text);
        }
    }

    public sealed class Client() : SafeHandle(IntPtr.Zero, true)
    {
        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            v2024_client_free(handle);
            return true;
        }
    }

    public sealed class Call() : SafeHandle(IntPtr.Zero, true)
    {
        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            v2024_call_free(handle);
            return true;
        }
    }

    [DllImport(Library)]
    public static extern IntPtr v2024_client_new(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? settings, out Client client, IntPtr status);

    [DllImport(Library)]
    public static extern Call v2024_call_start(Client client, [MarshalAs(UnmanagedType.LPUTF8Str)] string request);

    [DllImport(Library)]
    public static extern IntPtr v2024_call_next(Call call, int milliseconds, IntPtr state);

    [DllImport(Library)]
    public static extern void v2024_call_cancel(Call call);

    [DllImport(Library)]
    static extern void v2024_client_free(IntPtr client);

    [DllImport(Library)]
    static extern void v2024_call_free(IntPtr call);

    [DllImport(Library)]
    static extern void v2024_string_free(IntPtr text);
}
