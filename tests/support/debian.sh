# debian.sh - unpacks Debian's packages into a folder, without installing anything in the system.
# To be sourced.

# unpack_debian RELEASE FOLDER PACKAGES [OPTION...]      (of mmdebstrap)
unpack_debian() {
    local release=$1 folder=$2 packages=$3 own mirror
    shift 3
    if ! command -v mmdebstrap >/dev/null; then
        echo "${0##*/}: mmdebstrap is missing: scripts/bootstrap test" >&2
        exit 1
    fi
    # The mirror that this machine uses itself; another distribution's has no Debian.
    own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    mirror=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' "Codename: $own" 'Label: Debian' | head -n 1)
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    # Packages are only unpacked, so nobody needs a root's rights.
    mmdebstrap --quiet --mode=chrootless --variant=extract --include="$packages" "$@" \
        "$release" "$folder" "deb ${mirror:-http://deb.debian.org/debian} $release main"
}
