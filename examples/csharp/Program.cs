// The five operations from .NET.
//
//     dotnet run PATH_OF_THE_SHARED_LIBRARY
//
// Set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to choose the tenant.
// Use the sandbox: this clears the pending task that has been running longest.
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run PATH_OF_THE_SHARED_LIBRARY");
    return 2;
}
Native.LoadFrom(args[0]);
using var tasks = new Tasks();

Console.WriteLine($"pending: {tasks.PendingHeaders(new() { ["count"] = true })["x-total-count"]}");

// A text of the tenant for a terminal, which would obey escape sequences in it.
static string Plain(JsonNode? text) => Regex.Replace($"{text}", @"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", "\ufffd");

// A tenant may leave a member out. A task that has not been launched waits since it was created.
static string Started(JsonNode task) => (string?)(task["launched"] ?? task["created"]) ?? "";
var oldest = tasks.Pending(new() { ["all"] = true }).MinBy(Started, StringComparer.Ordinal);
if (oldest != null)
{
    var id = (string)oldest["id"]!;
    Console.WriteLine($"longest running: {Plain(tasks.Get(id)["uniqueName"])}");
    var cleared = tasks.Update(id, [
        new JsonObject { ["op"] = "replace", ["path"] = "/completionStatus", ["value"] = "TERMINATED" },
        new JsonObject { ["op"] = "replace", ["path"] = "/completed", ["value"] = DateTime.UtcNow },
    ]);
    Console.WriteLine($"cleared: {Plain(cleared["completionStatus"])}");
}

var failed = new JsonObject { ["limit"] = 3, ["filters"] = "completionStatus eq \"ERROR\"", ["sorters"] = "-created" };
foreach (var task in tasks.List(failed))
    Console.WriteLine($"failed: {Plain(task["created"])} {Plain(task["uniqueName"])}");
try
{
    tasks.Get("no such task");
}
catch (TaskException error)
{
    Console.WriteLine($"error: {error.Code} {error.Response["status"]}");
}
return 0;
