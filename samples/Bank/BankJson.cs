using System.Text.Json;
using System.Text.Json.Serialization;

namespace BankSample;

/// <summary>What the bank's routes read and write as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(Account[]))]
internal sealed partial class BankJson : JsonSerializerContext;
