#!/bin/sh
# Makes this computer a class laptop, for the person who runs it: nothing of it needs root.
#
#   sync-server/packaging/install-linux.sh            builds Darasa, pairs with the school, and puts “Class laptop” on the desktop
#   sync-server/packaging/install-linux.sh --service  and starts it whenever this person signs in
#   sync-server/packaging/install-linux.sh --remove   takes away what this script has put there; the data stay
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${DARASA_DATA:-$HOME/darasa-class-laptop}
applications=${XDG_DATA_HOME:-$HOME/.local/share}/applications
units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
desktop=$( (command -v xdg-user-dir >/dev/null && xdg-user-dir DESKTOP) || echo "$HOME/Desktop")

if [ "${1:-}" = --remove ]; then
  if [ -e "$units/darasa-class-laptop.service" ]; then systemctl --user disable --now darasa-class-laptop || true; fi
  rm -f "$applications/class-laptop.desktop" "$desktop/class-laptop.desktop" "$units/darasa-class-laptop.service"
  echo "Removed. The data are still in $data"
  exit 0
fi

node=$(command -v node) || { echo "Node.js 20 or newer is missing: https://nodejs.org" >&2; exit 1; }
"$node" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || { echo "Node.js 20 or newer is needed; this is $("$node" --version)" >&2; exit 1; }

cd "$root"
[ -d node_modules ] || npm ci
node build-when-changed.mjs

fill() { sed -e "s|@NODE@|$node|g" -e "s|@ROOT@|$root|g" -e "s|@DATA@|$data|g" "$1"; }

mkdir -p "$applications"
fill sync-server/packaging/class-laptop.desktop >"$applications/class-laptop.desktop"
if [ -d "$desktop" ]; then
  fill sync-server/packaging/class-laptop.desktop >"$desktop/class-laptop.desktop"
  chmod +x "$desktop/class-laptop.desktop"
  # GNOME opens what it trusts; elsewhere there is nothing to set.
  gio set "$desktop/class-laptop.desktop" metadata::trusted true 2>/dev/null || true
fi

if [ "${1:-}" = --service ]; then
  if ! grep -q '"paired": {' "$data/hub/identity.json" 2>/dev/null; then
    echo "Start “Class laptop” once and give it the school's address and the code; then run this again with --service." >&2
    exit 1
  fi
  mkdir -p "$units"
  fill sync-server/packaging/darasa-class-laptop.service >"$units/darasa-class-laptop.service"
  systemctl --user daemon-reload
  systemctl --user enable --now darasa-class-laptop
  echo "The class laptop runs, and starts whenever you sign in."
else
  echo "Ready. Double-click “Class laptop” on the desktop, or find it among the programs."
fi
