#!/usr/bin/env bash
# Debian packages that heed needs (`run`) or that its tests need as well (`test`): installed where apt-get is there and
# may be used, otherwise named in one line. What counts is whether the library or program is there, however it came.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

libraries="$(ldconfig -p 2>/dev/null || true)"
library() { [[ "$libraries" == *"$1"* ]]; }
program() { command -v "$1" >/dev/null 2>&1; }
# A file of a Debian library folder, as GStreamer's plugins are found.
part() { compgen -G "/usr/lib/*/$1" >/dev/null; }
say() { printf 'heed setup: %s\n' "$*" >&2; }

missing_to_run() {
    library libGL.so.1 || echo libgl1
    library libgthread-2.0.so.0 || echo libglib2.0-0
    library libportaudio.so.2 || echo libportaudio2
}

# Without it heed runs all the same, and says what to install: translation between English and Spanish, offline; 5 MB to
# fetch, 15 MB installed with what it needs.
missing_to_translate() {
    program apertium-transfer || echo apertium
    [ -e /usr/share/apertium/modes/eng-spa.mode ] || echo apertium-eng-spa
}

missing_to_test() {
    program mosquitto || echo mosquitto
    program mosquitto_pub || echo mosquitto-clients
    program espeak-ng || echo espeak-ng
    program chromium || program chromium-browser || program google-chrome || echo chromium
    program tmux || echo tmux
    program ffmpeg || echo ffmpeg
    program turnserver || echo coturn
    # A WHIP publisher that is not ours: GStreamer's webrtcbin, driven by Debian's Python.
    part gstreamer-1.0/libgstwebrtc.so || echo gstreamer1.0-plugins-bad
    part gstreamer-1.0/libgstvpx.so || echo gstreamer1.0-plugins-good
    part gstreamer-1.0/libgstopus.so || echo gstreamer1.0-plugins-base
    part gstreamer-1.0/libgstnice.so || echo gstreamer1.0-nice
    part girepository-1.0/GstWebRTC-1.0.typelib || echo gir1.2-gst-plugins-bad-1.0
    [ -d /usr/lib/python3/dist-packages/gi ] || echo python3-gi
    # An RTSP server that is not ours, for cameras.
    part girepository-1.0/GstRtspServer-1.0.typelib || echo gir1.2-gst-rtsp-server-1.0
}

case "${1:-}" in
    run) mapfile -t packages < <(missing_to_run; missing_to_translate) ;;
    test) mapfile -t packages < <(missing_to_run; missing_to_translate; missing_to_test) ;;
    *) say "usage: tools/debian.sh run|test"; exit 2 ;;
esac
[ "${#packages[@]}" -eq 0 ] && exit 0

# Without the libraries OpenCV and the sound devices do not load; without the programs some tests are skipped.
give_up() {
    say "missing: ${packages[*]}. $1 Install with: sudo apt-get install ${packages[*]}"
    mapfile -t fatal < <(missing_to_run)
    [ "${#fatal[@]}" -eq 0 ] && exit 0
    exit 1
}

program ldconfig || { say "not a Linux with ldconfig: install the equivalents of ${packages[*]} yourself"; exit 0; }
program apt-get || give_up "There is no apt-get here."
if [ "$(id -u)" -eq 0 ]; then
    root=()
elif program sudo && sudo -n true 2>/dev/null; then
    root=(sudo -n)
else
    give_up "This user may not install packages."
fi

say "installing Debian packages: ${packages[*]}"
apt() {
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}
install() { apt install -y --no-install-recommends "${packages[@]}"; }
# Lists of packages may be absent (containers) or old; fetch them and try once more.
install || { apt update && install; } || give_up "apt-get could not install them."
