using System.Buffers;
using CsCheck;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Abstractions.Tests.Serialization;

public sealed class ScalarFormatTests
{
    private delegate void Write<T>(ref MessagePackWriter writer, T value);

    private delegate T Read<T>(ref MessagePackReader reader);

    [Fact]
    public void A_guid_is_16_bytes_in_the_order_of_its_text() => Encodes(
        "C4 10 00112233445566778899AABBCCDDEEFF", new Guid("00112233-4455-6677-8899-aabbccddeeff"), ScalarFormat.Write, ScalarFormat.ReadGuid);

    [Fact]
    public void A_decimal_keeps_its_scale()
    {
        Encodes("C4 10 00020000000000000000000000000096", 1.50m, ScalarFormat.Write, ScalarFormat.ReadDecimal);
        Encodes("C4 10 8001000000000000000000000000000F", -1.5m, ScalarFormat.Write, ScalarFormat.ReadDecimal);
    }

    [Fact]
    public void A_moment_is_its_utc_ticks_and_its_offset_in_minutes() => Encodes(
        "92 CF 08DC391592D07800 D1 FDC6", new DateTimeOffset(2024, 2, 29, 1, 30, 0, TimeSpan.FromMinutes(-570)), ScalarFormat.Write, ScalarFormat.ReadDateTimeOffset);

    [Fact]
    public void A_date_and_time_is_its_ticks_and_its_kind() => Encodes(
        "92 CF 08DC391592D07800 01", new DateTime(2024, 2, 29, 11, 0, 0, DateTimeKind.Utc), ScalarFormat.Write, ScalarFormat.ReadDateTime);

    [Fact]
    public void Dates_times_and_durations_are_integers()
    {
        Encodes("CD 016D", new DateOnly(2, 1, 1), ScalarFormat.Write, ScalarFormat.ReadDateOnly);
        Encodes("CE 00989680", new TimeOnly(0, 0, 1), ScalarFormat.Write, ScalarFormat.ReadTimeOnly);
        Encodes("D2 FF676980", TimeSpan.FromSeconds(-1), ScalarFormat.Write, ScalarFormat.ReadTimeSpan);
    }

    [Fact]
    public void Wide_integers_are_16_bytes_and_halves_are_their_bits()
    {
        Encodes("C4 10 0000000000000000000000000000000A", (UInt128)10, ScalarFormat.Write, ScalarFormat.ReadUInt128);
        Encodes("C4 10 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE", (Int128)(-2), ScalarFormat.Write, ScalarFormat.ReadInt128);
        Encodes("CD 3C00", (Half)1, ScalarFormat.Write, ScalarFormat.ReadHalf);
    }

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        Gen.Guid.Sample(value => RoundTrips(value, ScalarFormat.Write, ScalarFormat.ReadGuid));
        Gen.Decimal.Sample(value => RoundTrips(value, ScalarFormat.Write, ScalarFormat.ReadDecimal));
        Gen.DateTimeOffset.Sample(value => RoundTrips(value, ScalarFormat.Write, ScalarFormat.ReadDateTimeOffset));
        Gen.DateTime.Sample(value => RoundTrips(value, ScalarFormat.Write, ScalarFormat.ReadDateTime));
        Gen.TimeSpan.Sample(value => RoundTrips(value, ScalarFormat.Write, ScalarFormat.ReadTimeSpan));
    }

    [Theory]
    [InlineData("C4 0F 000000000000000000000000000000")]
    [InlineData("C0")]
    [InlineData("C4 10 00")]
    public void A_word_of_another_length_is_refused(string hex)
    {
        Assert.ThrowsAny<Exception>(() => Decode(hex, ScalarFormat.ReadGuid));
        Assert.ThrowsAny<Exception>(() => Decode(hex, ScalarFormat.ReadDecimal));
    }

    private static void Encodes<T>(string hex, T value, Write<T> write, Read<T> read)
    {
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(Encode(value, write)));
        Assert.Equal(value, Decode(hex, read));
    }

    private static bool RoundTrips<T>(T value, Write<T> write, Read<T> read)
    {
        byte[] bytes = Encode(value, write);
        return EqualityComparer<T>.Default.Equals(value, Decode(Convert.ToHexString(bytes), read));
    }

    private static byte[] Encode<T>(T value, Write<T> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        write(ref writer, value);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static T Decode<T>(string hex, Read<T> read)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        T value = read(ref reader);
        Assert.True(reader.End);
        return value;
    }
}
