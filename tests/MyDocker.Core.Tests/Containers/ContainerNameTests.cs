namespace MyDocker.Tests.Containers;

[Trait("Attack", "names like `../../etc`, or two containers of one name")]
public class ContainerNameTests
{
    public static TheoryData<string> Valid() => ["a", "7", "bird", "Bird_1.2-x", "0.0.0.0", "a..b", "a-", new string('x', 63)];

    public static TheoryData<string> Invalid() =>
    [
        "", " ", ".", "..", "-", "_", ".bird", "-bird", "_bird", "../../etc", "a/b", "a\\b", "/", "a b", " a", "a ", "a\n", "a\0b", "a:b",
        "a*", "a?", "[a]", "vögel", "ａ", "٣", "🐦", "a\u0301", "\u200Ba", new string('x', 64), new string('x', 10_000),
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Valid_names_pass(string name)
    {
        Assert.True(ContainerName.IsValid(name));
        Assert.Equal(name, ContainerName.Require(name));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_names_are_refused(string name)
    {
        Assert.False(ContainerName.IsValid(name));
        var refused = Assert.Throws<ContainerException>(() => ContainerName.Require(name));
        Assert.Equal(ContainerError.InvalidContainerName, refused.Error);
        Assert.Equal(name, refused.Target);
    }

    [Fact]
    public void Generated_names_are_valid_and_vary()
    {
        var names = Enumerable.Range(0, 200).Select(attempt => ContainerName.Generate(attempt % 10)).ToList();
        Assert.All(names, name => Assert.True(ContainerName.IsValid(name), name));
        Assert.True(names.Distinct().Count() > 100);
    }

    [Fact]
    public void Ids_are_64_lower_hexadecimal_digits()
    {
        Assert.Matches("^[0-9a-f]{64}$", ContainerName.NewId());
        Assert.True(ContainerName.IsId(ContainerName.NewId()));
        Assert.False(ContainerName.IsId(ContainerName.NewId().ToUpperInvariant().Replace('0', 'A')));
        Assert.False(ContainerName.IsId(new string('a', 63)));
        Assert.False(ContainerName.IsId(new string('g', 64)));
        Assert.False(ContainerName.IsId("../" + new string('a', 61)));
    }
}
