#!/bin/sh
# Shows APSNet Studio in the menu of this user and opens its files with it: run it in the folder where it shall
# stay. "sh install.sh --remove" takes all of it away again; the folder itself is yours to delete.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share} bin=$HOME/.local/bin
desktop=$data/applications/apsnet-studio.desktop
icon=$data/icons/hicolor/scalable/apps/apsnet-studio.svg
mime=$data/mime/packages/apsnet-studio.xml
about=$data/metainfo/io.github.apsnet_studio.apsnet_studio.metainfo.xml
if [ "${1:-}" = --remove ]; then
  rm -f "$desktop" "$icon" "$mime" "$about" "$bin/apsnet" "$bin/apsnet-studio"
else
  mkdir -p "$(dirname "$desktop")" "$(dirname "$icon")" "$(dirname "$mime")" "$(dirname "$about")" "$bin"
  # Within quotes \, ", ` and $ are escaped, then every \ as in all texts of such a file; % begins a field.
  quoted=$(printf %s "$here" | sed 's/[\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g')
  sed '/^Exec=/d' "$here/share/apsnet-studio.desktop" > "$desktop"
  printf 'Exec="%s/apsnet-studio" %%F\n' "$quoted" >> "$desktop"
  cp "$here/share/apsnet-studio.svg" "$icon"
  cp "$here/share/apsnet-studio.xml" "$mime"
  cp "$here/share/$(basename "$about")" "$about"
  ln -sf "$here/apsnet" "$here/apsnet-studio" "$bin/"
  echo "APSNet Studio is in the menu; the commands apsnet and apsnet-studio are in $bin"
fi
update() {
  if command -v "$1" > /dev/null && [ -d "$2" ]; then "$1" "$2" 2> /dev/null || true; fi
}
update update-mime-database "$data/mime"
update update-desktop-database "$data/applications"
