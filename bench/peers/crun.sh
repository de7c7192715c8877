runtime=crun
source "$here/peers/oci-runtime.sh"

setup() {
    command -v crun || { say='not installed (apt-get install crun)'; return 1; }
    # crun refuses a machine with both versions of cgroups; in this lane it sees the first one only.
    [[ ! -d /sys/fs/cgroup/unified ]] || umount /sys/fs/cgroup/unified || return
    say=$(crun --version | head -n 1)
}
