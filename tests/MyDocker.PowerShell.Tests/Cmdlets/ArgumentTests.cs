using System.Text;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class ArgumentTests(Machine machine) : ContainerTest(machine)
{
    private static readonly string[] Awkward =
        ["two words", "", "it's", "\"quoted\"", "a\nb", "grün 🐦", "*", "$HOME", "`", "\\", "-x", "--", " ", "\t", "'"];

    [Fact]
    public void Arguments_arrive_as_they_were_given()
    {
        object[] command = ["sh", "-c", "for word; do printf '%s\\0' \"$word\"; done | od -An -v -tx1", "sh", .. Awkward];

        Assert.Equal(Awkward, Decode(Invoke($"-Name {Name("bird")} -Keep", command)));
        Assert.Equal(command, Get(Name("bird")).Command);
    }

    [Fact]
    public void A_lone_double_dash_ends_parameters_and_a_second_one_is_an_argument()
    {
        var lines = Session.Run("Invoke-Container -RootFileSystem $rootfs -- echo -n -- -Name x").Lines;

        Assert.Equal(["-- -Name x"], lines);
    }

    [Fact]
    public void Environment_values_arrive_as_they_were_given() =>
        Assert.Equal(["a b'\"\n", "grün"], Decode(Session.Run(
            "Invoke-Container -RootFileSystem $rootfs -Environment @{ A = $args[0]; B = 'grün' } -- sh -c 'printf \"%s\\0%s\\0\" \"$A\" \"$B\" | od -An -v -tx1'", "a b'\"\n").Lines));

    private static string[] Decode(string[] dump)
    {
        var bytes = Convert.FromHexString(string.Concat(dump).Replace(" ", "", StringComparison.Ordinal));
        return Encoding.UTF8.GetString(bytes).Split('\0')[..^1];
    }
}
