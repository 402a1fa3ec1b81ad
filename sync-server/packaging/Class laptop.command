#!/bin/sh
# macOS: double-click to start the class laptop.
exec node "$(dirname "$0")/start.mjs"
