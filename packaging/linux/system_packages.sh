#!/bin/sh
# Debian packages that Undertone needs and pip cannot bring: `system_packages.sh run` or `... test`.
#
# Quick and silent when nothing is missing. Installs when it may (root, or sudo without a password); otherwise prints the
# one command that does it and stops. On a system without apt it names the libraries and goes on.
# shellcheck disable=SC2086  # the lists are meant to fall apart into words
set -eu

# What the parts of Qt that we load are linked against (QtWidgets, QtSvg, QtDBus, QtMultimedia and its FFmpeg plugin, the
# xcb and wayland platforms; `ldd` says so), what QtMultimedia looks for by name and warns about (pipewire, va), and
# PortAudio for sounddevice. No desktop has all of them, a server has none.
run_packages="
    libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 fonts-dejavu-core
    libxkbcommon0 libxkbcommon-x11-0 libx11-6 libx11-xcb1 libxext6 libxrandr2 libdrm2
    libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0
    libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
    libwayland-client0 libwayland-cursor0 libwayland-egl1
    libpulse0 libasound2-plugins libpipewire-0.3-0 libva2 libva-drm2 libva-x11-2 libportaudio2 ca-certificates"

# A real X server with a window manager, a tray and a camera (ImageMagick), the bus for assistive technologies, a sound
# server without hardware, other people's readers of our files, and a compiler that makes a cuBLAS to be found.
test_packages="
    xvfb openbox trayer xdotool xclip x11-utils procps xterm sway wl-clipboard grim
    at-spi2-core pulseaudio pulseaudio-utils dbus
    ffmpeg git imagemagick desktop-file-utils appstream gcc libc6-dev"

case "${1:-}" in
    run) wanted=$run_packages ;;
    test) wanted="$run_packages $test_packages" ;;
    *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "No apt here. Undertone needs the equivalents of these Debian packages:" $wanted
    exit 0
fi

# "Provides" counts: newer releases carry some of these under another name (libglib2.0-0t64).
installed=$(dpkg-query --show --showformat='${db:Status-Abbrev}|${Package}, ${Provides}\n' |
    sed -n 's/^.i *|//p' | tr ',' '\n' | sed 's/^ *//; s/[ :].*//')
missing=
for package in $wanted; do
    printf '%s\n' "$installed" | grep -qxF "$package" || missing="$missing $package"
done
# Debian splits venv from Python; other Pythons (pyenv, a build of one's own) carry it.
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    echo "Some system packages are missing. Install them with this command, then run make again:" >&2
    echo >&2
    echo "    sudo sh -c 'apt-get update && $install'" >&2
    echo >&2
    exit 1
fi
echo "Installing system packages:$missing"
$as_root DEBIAN_FRONTEND=noninteractive apt-get update -qq
$as_root DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
