runtime=runc
source "$here/peers/oci-runtime.sh"

setup() {
    command -v runc || { say='not installed (apt-get install runc)'; return 1; }
    say=$(runc --version | head -n 1)
}
