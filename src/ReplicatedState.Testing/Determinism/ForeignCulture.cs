using System.Globalization;

namespace ReplicatedState.Testing.Determinism;

/// <summary>A culture in which everything looks different, on every computer and in every globalization mode.</summary>
internal static class ForeignCulture
{
    public static CultureInfo Make()
    {
        CultureInfo culture = Base();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "'";
        culture.NumberFormat.CurrencyDecimalSeparator = ",";
        culture.NumberFormat.CurrencySymbol = "Đ";
        culture.NumberFormat.PercentSymbol = "pc";
        culture.NumberFormat.NegativeSign = "~";
        culture.DateTimeFormat.DateSeparator = "·";
        culture.DateTimeFormat.TimeSeparator = "·";
        culture.DateTimeFormat.ShortDatePattern = "d/yy/M";
        culture.DateTimeFormat.LongTimePattern = "H:mm:ss";
        return culture;
    }

    /// <summary>Turkish, whose upper case of i isn't I, where the runtime knows it.</summary>
    private static CultureInfo Base()
    {
        try
        {
            return (CultureInfo)CultureInfo.GetCultureInfo("tr-TR").Clone();
        }
        catch (CultureNotFoundException)
        {
            return (CultureInfo)CultureInfo.InvariantCulture.Clone();
        }
    }
}
