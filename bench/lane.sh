#!/bin/bash
# One peer's lane: reads calls from standard input, one a line, and answers each with its exit status, its microseconds and
# what it had to say. Bash times what it starts itself, so no peer pays for PowerShell's way of starting programs.
#
# Run.ps1 starts it in mount and pid namespaces of its own: no mount reaches the machine, and nothing outlives the lane,
# not even when the bench is killed. At the end of the input it puts away what namespaces don't hold: files and cgroups.
#
#   lane.sh <peer> <folder for its state> <folder with a root file system>

peer=$1 work=$2 rootfs=$3 here=$(dirname "${BASH_SOURCE[0]}")
readonly peer work rootfs here
# Whatever a peer keeps in its usual places lands in here, and locks and sockets of a running one stay out of sight.
mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /dev/shm || exit 1
mkdir -p "$work" /run/lock
readonly group=mydocker-bench-$peer log=$work/log lines=$work/lines
printf 'line %d\n' {1..1000} >"$lines"
exec {nothing}<> <(:)

# Sleeps without starting a program.
pause() { read -rt "$1" -u "$nothing"; }

# Calls a function for each name, one after the other.
one_by_one() {
    local call=$1 name
    shift
    for name; do
        "$call" "$name" || return
    done
}

# Calls a function for each name, eight at a time.
eight_at_a_time() {
    local call=$1 name running=0 failures=0
    shift
    for name; do
        if ((running == 8)); then
            wait -n || ((++failures))
            ((running--))
        fi
        "$call" "$name" &
        ((++running))
    done
    while ((running-- > 0)); do
        wait -n || ((++failures))
    done
    ((failures == 0))
}

# Sends 1,000 lines through cat in a running container, and sees them come back.
echo_lines() {
    local back
    converse "$1" <"$lines" >"$work/echo" || return
    mapfile -t back <"$work/echo"
    [[ ${#back[@]} == 1000 && ${back[999]} == 'line 1000' ]]
}

# Says the memory of all processes of a name: their number and their proportional set size in KB.
memory_of() {
    local comm process key value rest count=0 sum=0
    for process in /proc/[0-9]*; do
        { read -r comm <"$process/comm"; } 2>/dev/null
        [[ $comm == "$1" ]] || continue
        while read -r key value rest; do
            [[ $key == Pss: ]] && ((++count, sum += value))
        done <"$process/smaps_rollup"
    done
    say="$count $sum"
}

# A peer is a set of functions: setup, make NAME BUNDLE COMMAND…, forget NAME…; timed: cycle, rerun NAME, start NAME,
# stop NAME…, list, execute NAME (/bin/true in a running container), converse NAME (cat there, as a filter); between those:
# leave NAME (sleep there, without us); halt NAME… (ended at once, can be started again), enroll NAME and strike NAME (on the list,
# and off it), idle (what stays in memory beside the containers); teardown.
# shellcheck source=/dev/null
source "$here/peers/$peer.sh" || exit 1

while IFS= read -r call; do
    say=
    begin=$EPOCHREALTIME
    eval "$call" >>"$log" 2>&1 </dev/null
    status=$?
    end=$EPOCHREALTIME
    if ((status != 0)) && [[ -z $say ]]; then
        say=$(tail -n 1 "$log")
    fi
    printf '%d %d %s\n' "$status" "$((${end/[.,]/} - ${begin/[.,]/}))" "$say"
done

teardown >>"$log" 2>&1
for folder in /sys/fs/cgroup/"$group" /sys/fs/cgroup/*/"$group"; do
    [[ -d $folder ]] && find "$folder" -depth -type d -exec rmdir {} +
done
