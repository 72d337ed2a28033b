#!/usr/bin/env bash
# cli_flowers.sh - the weights that ship, on the validation photographs (never trained on): needs $INCEPTOSCOPE_DATA.
set -u
program=${INCEPTOSCOPE:-build/inceptoscope}
weights=assets/weights/flowers.safetensors
. tests/sampled.sh
val=${INCEPTOSCOPE_DATA:-}/data/flowers/val
if [ -z "${INCEPTOSCOPE_DATA:-}" ] || [ ! -d "$val" ] || [ ! -e "$weights" ]; then
    echo "ok the shipped weights reach 0.85 # SKIP needs INCEPTOSCOPE_DATA and $weights"
    exit 0
fi
all=0 right=0
for folder in "$val"/*/; do
    class=$(basename "$folder")
    photos=() i=0
    for photo in "$folder"*.jpg; do sampled $((i++)) 8 && photos+=("$photo"); done
    answers=$("$program" predict --weights "$weights" --top 1 --format json "${photos[@]}" 2>/dev/null | grep -o '"label": *"[^"]*"' | cut -d'"' -f4)
    n=$(grep -c . <<<"$answers")
    hits=$(grep -cx "$class" <<<"$answers")
    echo "$class: $hits of $n"
    all=$((all + n)) right=$((right + hits))
done
echo "$right of $all correct"
count=364 least=85
sampled 1 8 || { count=47 least=70; } # three standard deviations of so few
if [ "$all" -eq $count ] && [ $((right * 100)) -ge $((all * least)) ]; then
    echo "ok the shipped weights reach 0.$least on $all validation pictures"
else
    echo "not ok the shipped weights reach 0.$least on $all validation pictures"
fi
