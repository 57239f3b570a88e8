using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Xml;

namespace V2024;

/// <summary>
/// The file with the members of types. The manifest does not name it: then a second version of the module could not be
/// imported into the same session, because PowerShell refuses a member that is already there.
/// </summary>
static class TypeFile
{
    /// <summary>
    /// Update-TypeData. Its class is used, because a call by name would import the module Microsoft.PowerShell.Utility,
    /// which takes 50 ms, and a restricted session does not have it.
    /// </summary>
    internal static CmdletInfo Update => new("Update-TypeData", Type.GetType(
        "Microsoft.PowerShell.Commands.UpdateTypeDataCommand, Microsoft.PowerShell.Commands.Utility"));

    /// <summary>Reads the file for Update-TypeData.</summary>
    /// <exception cref="InvalidOperationException">The file has a kind of member that is not known here.</exception>
    internal static IEnumerable<TypeData> Read(string path)
    {
        XmlDocument document = new();
        document.Load(path);
        foreach (XmlElement type in document.SelectNodes("/Types/Type")!)
        {
            TypeData data = new(type["Name"]!.InnerText);
            foreach (XmlElement member in type.SelectNodes("Members/*")!) Add(data, member);
            yield return data;
        }
    }

    static void Add(TypeData data, XmlElement member)
    {
        string name = member["Name"]!.InnerText;
        switch (member.Name)
        {
            case "ScriptMethod":
                data.Members.Add(name, new ScriptMethodData(name, Script(member["Script"]!)));
                break;
            case "ScriptProperty":
                data.Members.Add(name, new ScriptPropertyData(name, Script(member["GetScriptBlock"]!)));
                break;
            case "MemberSet" when member.SelectSingleNode("Members/NoteProperty") is XmlElement note
                && note["Name"]?.InnerText == "SerializationDepth":
                data.SerializationDepth = uint.Parse(note["Value"]!.InnerText, CultureInfo.InvariantCulture);
                break;
            case "MemberSet" when member.SelectSingleNode("Members/PropertySet") is XmlElement set
                && set["Name"]?.InnerText == "DefaultDisplayPropertySet":
                data.DefaultDisplayPropertySet = new PropertySetData(
                    set.SelectNodes("ReferencedProperties/Name")!.Cast<XmlElement>().Select(name => name.InnerText));
                break;
            default:
                throw new InvalidOperationException(
                    $"{data.TypeName} has a {member.Name}, which TypeFile.cs cannot read");
        }
    }

    // Not part of the module: it runs in the scope of its caller.
    static ScriptBlock Script(XmlElement script) => ScriptBlock.Create(script.InnerText);
}
