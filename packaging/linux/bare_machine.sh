#!/bin/sh
# Prove that a fresh clone works on a bare Debian 12 with Python 3.11, make and apt, and nothing else.
#
#   bare_machine.sh [--working-tree] [FOLDER] [COMMAND...]     (as root, with debootstrap installed)
#
# FOLDER (default /tmp/undertone-bare) becomes a new Debian root. Each COMMAND is run in a clone of this checkout there;
# the default is "make demo" and "make test". With --working-tree the files as they are now are taken, not the last commit.
# How this machine reaches its package registries (apt sources, pip configuration, certificates, proxies) is read from it
# and taken along, so no registry's name stands here.
set -eu

die() { echo "bare_machine: $*" >&2; exit 1; }
say() { echo; echo "bare_machine: $* ($(($(date +%s) - started)) s)"; }

started=$(date +%s)
checkout=$(cd "$(dirname "$0")/../.." && pwd)
working_tree=no
if [ "${1:-}" = --working-tree ]; then working_tree=yes; shift; fi
folder=${1:-/tmp/undertone-bare}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "make demo" "make test"

[ "$(id -u)" -eq 0 ] || die "needs root: debootstrap and chroot do"
command -v debootstrap >/dev/null || die "needs debootstrap: apt-get install -y debootstrap"
if [ -e "$folder" ]; then
    [ -e "$folder/.undertone-bare" ] || die "$folder is there already and is not ours; name another folder"
    ! grep -q " $folder/" /proc/self/mountinfo || die "something is still mounted below $folder"
    rm -rf --one-file-system "$folder"
fi

# The first Debian mirror in the one-line or the deb822 sources.
sources=$(find /etc/apt -name '*.list' -o -name '*.sources')
[ -n "$sources" ] || die "no apt sources here to take a mirror from"
# shellcheck disable=SC2086  # a list of files
mirror=$(sed -n -e 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\).*/\2/p' -e 's/^URIs: *\([^ ]*\).*/\1/p' $sources | head -n 1)

say "making a Debian 12 root in $folder"
mkdir -p "$folder"
touch "$folder/.undertone-bare"
debootstrap --variant=minbase --include=python3,make bookworm "$folder" "$mirror" > "$folder/debootstrap.log" 2>&1 ||
    { tail -n 20 "$folder/debootstrap.log" >&2; die "debootstrap failed"; }

# The road to the registries. pip's folders on this machine's own disk stay behind: a bare machine has none of them.
rm -f "$folder/etc/apt/sources.list"
cp -a /etc/apt/. "$folder/etc/apt/"
cp -a /usr/share/keyrings/. "$folder/usr/share/keyrings/"
cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
mkdir -p "$folder/etc/ssl/certs" "$folder/root/.config/pip"
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
[ ! -d /usr/local/share/ca-certificates ] || cp -a /usr/local/share/ca-certificates "$folder/usr/local/share/"
for file in /etc/pip.conf "${HOME:-/root}/.config/pip/pip.conf"; do
    [ -e "$file" ] || continue
    case $file in /etc/*) copy=$folder/etc/pip.conf ;; *) copy=$folder/root/.config/pip/pip.conf ;; esac
    grep -v -e 'file://' -e '^ *find-links' "$file" > "$copy" || true
done

say "copying the checkout in"
home=$folder/root/undertone
if [ "$working_tree" = yes ]; then
    mkdir -p "$home"
    (cd "$checkout" && git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - 2>/dev/null) |
        tar -x -C "$home"
    git -C "$home" init -q
    git -C "$home" add --all
    git -C "$home" -c user.name=bare -c user.email=bare commit -q -m "The working tree as it was"
else
    git clone -q --no-hardlinks "$checkout" "$home"
fi

# Only the variables that lead to the registries go in; everything else is as on a first login. The command gets namespaces
# of its own: when it ends, its mounts and all that it started are gone, whatever happened.
in_root() {
    command=$1
    set -- HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    for variable in $(env | sed -n 's/^\([A-Za-z_]*\)=.*/\1/p'); do
        case $variable in
            PIP_FIND_LINKS) ;;
            http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY | PIP_* | *_CA_BUNDLE | SSL_CERT_*)
                set -- "$@" "$variable=$(printenv "$variable")" ;;
        esac
    done
    # shellcheck disable=SC2016  # expanded by the inner shell
    unshare --mount --pid --fork sh -euc '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        mount -t devpts -o ptmxmode=666,newinstance devpts "$root/dev/pts"
        exec chroot "$root" env -i "$@"
    ' sh "$folder" "$@" sh -c "cd /root/undertone && $command"
}

say "on the bare machine: $(in_root "python3 --version"), $(in_root "make --version" | head -n 1)," \
    "$(in_root "dpkg-query --list" | grep -c '^ii') packages"
for command in "$@"; do
    say "$command"
    in_root "$command" || die "'$command' failed with status $?"
done
say "all passed: $*"
