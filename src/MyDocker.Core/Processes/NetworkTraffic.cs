using System.Globalization;

namespace MyDocker.Processes;

/// <summary>What has gone through a network namespace's interfaces, loopback left out; see net/dev in proc_pid_net(5).</summary>
/// <param name="Received">Bytes that came in.</param>
/// <param name="Sent">Bytes that went out.</param>
internal readonly record struct NetworkTraffic(long Received, long Sent)
{
    /// <summary>Adds the interfaces of /proc/PID/net/dev up.</summary>
    public static NetworkTraffic Parse(string text)
    {
        var sum = default(NetworkTraffic);
        foreach (var line in text.Split('\n'))
        {
            // eth0: bytes packets errs drop fifo frame compressed multicast, and likewise what was sent. A name may have no space behind it.
            var colon = line.LastIndexOf(':');
            if (colon < 0 || line[..colon].Trim() == "lo")
                continue;
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 8 && long.TryParse(fields[0], CultureInfo.InvariantCulture, out var received)
                && long.TryParse(fields[8], CultureInfo.InvariantCulture, out var sent))
                sum = new NetworkTraffic(sum.Received + received, sum.Sent + sent);
        }

        return sum;
    }
}
