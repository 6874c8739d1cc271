#!/bin/sh
# In place of workerd: the same with V8 flags (v8-flags.ts). `exec` keeps the process, so that signals reach workerd.
config=$(mktemp) || exit 1
"$CORKBOARD_NODE" "${0%/*}/add-v8-flags.js" >"$config" || exit 1
exec 4<"$config"
rm -f "$config"
exec "$CORKBOARD_WORKERD" "$@" <&4 4<&-
