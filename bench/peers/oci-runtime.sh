# What runc and crun have in common. They keep no images and no store: a container is a bundle, and the bundles here are
# the very folders that MyDocker made.

declare -A bundle

control() { "$runtime" --root "$work/state" "$@"; }

make() { bundle[$1]=$2; }

forget() { :; }

rerun() { control run --bundle "${bundle[$1]}" "$1"; }

cycle() { rerun "$@"; }

start() { control run --detach --pid-file "$work/$1.pid" --bundle "${bundle[$1]}" "$1"; }

# There is no command that stops: what its callers do is signal, wait, delete.
stop() {
    local name
    for name; do
        control kill "$name" TERM || return
    done
    for name; do
        wait_for_end "$(<"$work/$name.pid")"
        control delete "$name" || return
    done
}

halt() { one_by_one strike "$@"; }

enroll() { control create --bundle "${bundle[$1]}" "$1"; }

strike() { control delete --force "$1"; }

list() { control list; }

execute() { control exec "$1" /bin/true; }

converse() { control exec "$1" cat; }

leave() { control exec --detach "$1" sleep infinity; }

# Nobody stays beside a container: its exit code and its output are its starter's business.
idle() { say="0 0"; }

teardown() { :; }

wait_for_end() {
    local line
    while { read -r line <"/proc/$1/stat"; } 2>/dev/null && [[ $line != *") Z "* ]]; do
        pause 0.001
    done
}
