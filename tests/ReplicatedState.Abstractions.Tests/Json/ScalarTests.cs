using System.Text;
using ReplicatedState.Json;

namespace ReplicatedState.Abstractions.Tests.Json;

/// <summary>Scalars from JSON, and what is refused.</summary>
public sealed class ScalarTests
{
    [Theory]
    [InlineData("SByte", "-128", "D080")]
    [InlineData("Int32", "-0", "00")]
    [InlineData("Int64", "\"9223372036854775807\"", "CF7FFFFFFFFFFFFFFF")]
    [InlineData("UInt64", "18446744073709551615", "CFFFFFFFFFFFFFFFFF")]
    [InlineData("Int128", "\"-1\"", "C410FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("BigInteger", "\"-255\"", "C402FF01")]
    [InlineData("Decimal", "1.50", "C41000020000000000000000000000000096")]
    [InlineData("Decimal", "\"-1.5e3\"", "C410800000000000000000000000000005DC")]
    [InlineData("Decimal", "0.0000000000000000000000000001", "C410001C0000000000000000000000000001")]
    [InlineData("Decimal", "79228162514264337593543950335", "C41000000000FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("Double", "1", "CB3FF0000000000000")]
    [InlineData("Double", "\"-Infinity\"", "CBFFF0000000000000")]
    [InlineData("Single", "0.1", "CA3DCCCCCD")]
    [InlineData("Half", "\"NaN\"", "CDFE00")]
    [InlineData("Char", "\"\\ud83d\"", "CDD83D")]
    [InlineData("Char", "\"ü\"", "CCFC")]
    [InlineData("Rune", "\"\\ud83d\\udc22\"", "CE0001F422")]
    [InlineData("String", "\"\\ud83d\\n\\u0041\\/\\\"é\"", "C40C3DD80A0041002F002200E900")]
    [InlineData("Bytes", "\"\"", "C400")]
    [InlineData("Bytes", "\"AP8=\"", "C40200FF")]
    [InlineData("BitArray", "\"\"", "9200C400")]
    [InlineData("DateTime", "\"2024-02-29\"", "92CF08DC38B95F60000000")]
    [InlineData("DateTime", "\"2024-02-29T01:00:00+01:00\"", "92CF08DC38B95F60000001")]
    [InlineData("DateTimeOffset", "\"2024-02-29T01:00Z\"", "92CF08DC38C1C124680000")]
    [InlineData("TimeOnly", "\"00:00\"", "00")]
    [InlineData("TimeSpan", "\"00:00:00.0000001\"", "01")]
    [InlineData("Uri", "\"/a\"", "9202A22F61")]
    [InlineData("Uri", "\"ab:c\"", "9201A461623A63")]
    [InlineData("Version", "\"1.2\"", "920102")]
    [InlineData("Index", "\"3\"", "03")]
    [InlineData("Range", "\"0..^0\"", "9200FF")]
    [InlineData("Complex", "[1,\"NaN\"]", "92CB3FF0000000000000CBFFF8000000000000")]
    public void JSON_becomes_what_the_decoders_read(string type, string json, string expected) => Assert.Equal(expected, Of(type).Encode(json));

    [Theory]
    [InlineData("Byte", "256", "a whole number from 0 to 255, and is 256")]
    [InlineData("Byte", "1.0", "a whole number from 0 to 255, and is 1.0")]
    [InlineData("Byte", "\"1\"", "a whole number from 0 to 255, and is \"1\"")]
    [InlineData("Int64", "9223372036854775808", "a whole number from -9223372036854775808 to 9223372036854775807, and is 9223372036854775808")]
    [InlineData("Int64", "\" 1\"", "a whole number from -9223372036854775808 to 9223372036854775807, and is \" 1\"")]
    [InlineData("BigInteger", "1e3", "a whole number of up to 20000 digits, and is 1e3")]
    [InlineData("Decimal", "79228162514264337593543950336", "a number that a decimal holds without rounding, and is 79228162514264337593543950336")]
    [InlineData("Decimal", "0.12345678901234567890123456789", "a number that a decimal holds without rounding, and is 0.12345678901234567890123456789")]
    [InlineData("Decimal", "1e-29", "a number that a decimal holds without rounding, and is 1e-29")]
    [InlineData("Decimal", "1e-99999999999", "a number that a decimal holds without rounding, and is 1e-99999999999")]
    [InlineData("Double", "1e400", "a number of at most 1.7976931348623157E+308, \"NaN\", \"Infinity\" or \"-Infinity\", and is 1e400")]
    [InlineData("Double", "\"1\"", "a number of at most 1.7976931348623157E+308, \"NaN\", \"Infinity\" or \"-Infinity\", and is \"1\"")]
    [InlineData("Boolean", "\"true\"", "true or false, and is \"true\"")]
    [InlineData("Boolean", "null", "true or false, and is null")]
    [InlineData("Char", "\"ab\"", "text of one character, and is \"ab\"")]
    [InlineData("Rune", "\"ab\"", "text of one Unicode character, and is \"ab\"")]
    [InlineData("Rune", "\"\"", "text of one Unicode character, and is \"\"")]
    [InlineData("String", "[1,2]", "text, and is an array of 2 elements")]
    [InlineData("String", "{}", "text, and is an object")]
    [InlineData("Bytes", "\"AP8\"", "bytes in base64, and is \"AP8\"")]
    [InlineData("BitArray", "\"012\"", "bits, text of \"0\" and \"1\", and is \"012\"")]
    [InlineData("Guid", "\"00112233445566778899aabbccddeeff\"", "a GUID such as \"00112233-4455-6677-8899-aabbccddeeff\", and is \"00112233445566778899aabbccddeeff\"")]
    [InlineData("DateTime", "\"29.02.2024\"", "a date and time such as \"2024-02-29T23:59:59Z\", and is \"29.02.2024\"")]
    [InlineData("DateTime", "\"2023-02-29\"", "a date and time such as \"2024-02-29T23:59:59Z\", and is \"2023-02-29\"")]
    [InlineData("DateTimeOffset", "\"2024-02-29T23:59:59\"", "a point in time such as \"2024-02-29T23:59:59+01:00\", and is \"2024-02-29T23:59:59\"")]
    [InlineData("DateTimeOffset", "\"0001-01-01T00:00:00+01:00\"", "a point in time such as \"2024-02-29T23:59:59+01:00\", and is \"0001-01-01T00:00:00+01:00\"")]
    [InlineData("TimeSpan", "\"1 day\"", "a duration such as \"1.02:03:04.5\", and is \"1 day\"")]
    [InlineData("Index", "\"-1\"", "an index such as \"3\" or \"^1\", and is \"-1\"")]
    [InlineData("Range", "\"1\"", "a range such as \"2..^3\", and is \"1\"")]
    [InlineData("Complex", "[1]", "an array of a real and an imaginary number, and is an array of 1 elements")]
    public void What_is_no_value_is_refused_with_what_is_expected_and_what_was_found(string type, string json, string expected) =>
        Assert.Equal($"$.value must be {expected}", Of(type).Refusal(json));

    [Fact]
    public void A_decimal_keeps_its_zeros_and_a_double_its_sign()
    {
        Assert.Equal("1.00", Of("Decimal").Echo("1.00"));
        Assert.Equal("-0.0", Of("Decimal").Decode("C41080010000000000000000000000000000"));
        Assert.Equal("C41080010000000000000000000000000000", Of("Decimal").Encode("-0.0"));
        Assert.Equal("\"NaN\"", Of("Double").Echo("\"NaN\""));
        Assert.Equal("-0", Of("Double").Echo("-0.0"));
        Assert.Equal("1E-07", Of("Double").Echo("0.0000001"));
    }

    [Fact]
    public void A_long_number_is_cut_short_in_the_refusal_and_one_of_20000_digits_is_the_longest()
    {
        string digits = new('7', 20_000);

        Assert.Equal(digits, Of("BigInteger").Echo(digits));
        Assert.Equal($"$.value must be a whole number of up to 20000 digits, and is {digits[..100]}…", Of("BigInteger").Refusal(digits + "7"));
    }

    [Fact]
    public void Text_that_is_no_UTF_8_is_refused()
    {
        var document = System.Text.Json.JsonDocument.Parse(Encoding.Latin1.GetBytes("{\"value\": \"\u00FF\"}"));
        using (document)
        {
            var error = Assert.Throws<InvalidCommandException>(() => Of("String").Call.Write(document.RootElement, new System.Buffers.ArrayBufferWriter<byte>()));
            Assert.Equal("The payload doesn't fit the command 'Do': $.value must be text, and is text that is no Unicode.", error.Message);
        }
    }

    [Theory]
    [InlineData("Int32", "A161")]
    [InlineData("Byte", "CD0100")]
    [InlineData("Boolean", "C0")]
    [InlineData("Decimal", "C40100")]
    [InlineData("DateTime", "92D3800000000000000001")]
    [InlineData("Rune", "CDD800")]
    [InlineData("Version", "9101")]
    [InlineData("Int32", "")]
    [InlineData("Int32", "0101")]
    public void A_result_that_is_none_is_an_invalid_reply(string type, string reply) => Assert.Throws<InvalidReplyException>(() => Of(type).Decode(reply));

    private static Passage Of(string type) => new((JsonType)typeof(JsonType).GetProperty(type)!.GetValue(null)!);
}
