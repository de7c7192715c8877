setup() {
    command -v podman || { say='not installed (apt-get install podman)'; return 1; }
    # Limits: podman's own are more than a root without CAP_SYS_RESOURCE may set.
    cat >"$work/containers.conf" <<-END
	[containers]
	default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
	[network]
	network_config_dir = "$work/networks"
	[engine]
	cgroup_manager = "cgroupfs"
	events_logger = "file"
	runtime = "runc"
	END
    export CONTAINERS_CONF=$work/containers.conf TMPDIR=$work
    tar -C "$rootfs" -c . | control import - bench || return
    say=$(podman --version)
}

control() { podman --root "$work/storage" --runroot /run/containers/storage "$@"; }

readonly options=(--network none --cgroup-parent "/$group")

make() { control create --name "$1" "${options[@]}" bench "${@:3}"; }

forget() { control rm --force --time 0 "$@"; }

rerun() { control start --attach "$1"; }

cycle() { control run --rm "${options[@]}" bench /bin/true; }

start() { control start "$1"; }

stop() { control stop "$@"; }

halt() { control kill "$@" && control wait "$@"; }

enroll() { :; }

strike() { :; }

list() { control ps --all; }

execute() { control exec "$1" /bin/true; }

converse() { control exec --interactive "$1" cat; }

leave() { control exec --detach "$1" sleep infinity; }

idle() { memory_of conmon; }

teardown() { control rm --all --force --time 0; }
