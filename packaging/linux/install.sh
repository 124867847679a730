#!/bin/sh
# Install Undertone under $PREFIX (below $DESTDIR when a package is being built), or take it away again with --remove.
set -eu
cd "$(dirname "$0")/../.."
id=io.github.undertone.Undertone
root=${DESTDIR:-}$PREFIX
# Never share/undertone: below ~/.local that is where the user's transcripts are.
library=$PREFIX/lib/undertone
share=$root/share

# Menus and icon themes are looked up in caches; inside a DESTDIR they belong to the machine that the package goes to.
refresh_caches() {
    [ -z "${DESTDIR:-}" ] || return 0
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || true; fi
    if [ -f "$share/icons/hicolor/icon-theme.cache" ] && command -v gtk-update-icon-cache >/dev/null; then
        gtk-update-icon-cache -q -t "$share/icons/hicolor" || true
    fi
}

if [ "${1:-}" = --remove ]; then
    rm -rf "${DESTDIR:-}$library"
    rm -f "$root/bin/undertone" "$share/applications/$id.desktop" "$share/metainfo/$id.metainfo.xml"
    rm -f "$share/icons/hicolor"/*/apps/$id.png "$share/icons/hicolor/scalable/apps/$id.svg"
    refresh_caches
    echo "Undertone is gone from $root. Your transcripts and settings are still yours, untouched."
    exit 0
fi

rm -rf "${DESTDIR:-}$library"
"${PYTHON:-python3}" -m venv "${DESTDIR:-}$library"
"${DESTDIR:-}$library/bin/pip" install -c packaging/constraints.txt .

# Through the interpreter: pip's own launcher holds the path with DESTDIR in it, which is not where it will run. -P keeps the
# folder it is called from out of the search for modules.
mkdir -p "$root/bin"
printf '#!/bin/sh\nexec "%s/bin/python" -P -m desktop "$@"\n' "$library" > "$root/bin/undertone"
chmod 755 "$root/bin/undertone"

# ~/.local/bin is not on every session's PATH, so the installed entries name the whole path.
mkdir -p "$share/applications" "$share/metainfo" "${DESTDIR:-}$library/autostart"
sed "s|^Exec=undertone|Exec=$PREFIX/bin/undertone|" "packaging/linux/$id.desktop" > "$share/applications/$id.desktop"
sed "s|^Exec=undertone|Exec=$PREFIX/bin/undertone|" "packaging/linux/autostart/$id.desktop" \
    > "${DESTDIR:-}$library/autostart/$id.desktop"
install -m 644 "packaging/linux/$id.metainfo.xml" "$share/metainfo/"
(cd packaging/linux/icons && find hicolor -type f) | while read -r icon; do
    install -D -m 644 "packaging/linux/icons/$icon" "$share/icons/$icon"
done
install -D -m 644 resources/icons/undertone.svg "$share/icons/hicolor/scalable/apps/$id.svg"
refresh_caches

echo
echo "Undertone is installed: $PREFIX/bin/undertone, and in the menu under Sound & Video."
echo "To have it in the tray after each login: cp $library/autostart/$id.desktop ~/.config/autostart/"
