#!/bin/sh
# The demonstration of `make demo`: transcribe the samples, then show what was heard.
set -eu
undertone=$1
output=demo-output

# A home of its own: trying the demo leaves nothing in the user's library, and shows the same to everyone, each time anew.
XDG_DATA_HOME=$PWD/$output/.home/data
XDG_CONFIG_HOME=$PWD/$output/.home/config
XDG_STATE_HOME=$PWD/$output/.home/state
export XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME

set -- transcribe resources/samples/*.flac --model resources/models/demo \
    --format txt,srt,vtt,json --output-dir "$output" --overwrite --again
echo "\$ undertone $*"
"$undertone" "$@"

for text in "$output"/*.txt; do
    printf '\n%s\n' "$text"
    fold -s -w 88 "$text" | sed 's/^/    /'
done
