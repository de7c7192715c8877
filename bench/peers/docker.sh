# A daemon of our own, with all it has in this lane: a running one is neither used nor touched.
setup() {
    command -v docker && command -v dockerd || { say='docker and dockerd are not both installed (apt-get install docker.io)'; return 1; }
    export DOCKER_CONFIG=$work/client TMPDIR=$work
    unset DOCKER_HOST DOCKER_CONTEXT
    # Where it would leave a key.
    mkdir -p /etc/docker && mount -t tmpfs tmpfs /etc/docker || return
    dockerd --data-root "$work/data" \
        --bridge none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$group" --oom-score-adjust 0 >"$work/dockerd.log" 2>&1 &
    daemon=$!
    disown "$daemon"
    local patience=300
    until docker version; do
        [[ -d /proc/$daemon ]] && ((patience-- > 0)) || { say="dockerd: $(tail -n 1 "$work/dockerd.log")"; return 1; }
        pause 0.1
    done
    tar -C "$rootfs" -c . | docker import - bench || return
    say="docker $(docker version --format 'client {{.Client.Version}}, daemon {{.Server.Version}}')"
}

make() { docker create --name "$1" --network none bench "${@:3}"; }

forget() { docker rm --force "$@"; }

rerun() { docker start --attach "$1"; }

cycle() { docker run --rm --network none bench /bin/true; }

start() { docker start "$1"; }

stop() { docker stop "$@"; }

halt() { docker kill "$@" && docker wait "$@"; }

enroll() { :; }

strike() { :; }

list() { docker ps --all; }

execute() { docker exec "$1" /bin/true; }

converse() { docker exec --interactive "$1" cat; }

leave() { docker exec --detach "$1" sleep infinity; }

idle() { memory_of containerd-shim; }

teardown() {
    [[ -n $daemon ]] || return
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force
    kill "$daemon"
    while [[ -d /proc/$daemon ]]; do
        pause 0.05
    done
}
