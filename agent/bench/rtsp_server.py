"""An RTSP server with recordings as cameras, by GStreamer's own server library: run by Debian's Python, which has it.

    /usr/bin/python3 rtsp_server.py PORT NAME=FILE.mp4 ...

Every client gets a recording (H.264 in MP4) from its beginning, in real time, at `rtsp://127.0.0.1:PORT/NAME`. Prints
`ready`, and ends with its standard input.
"""

from __future__ import annotations

import sys
import threading

LAUNCH = (
    '( filesrc location="{path}" ! qtdemux ! h264parse ! video/x-h264,alignment=au '
    "! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def main(arguments: list[str]) -> int:
    """Serve until standard input ends."""
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer

    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=arguments[0])
    for entry in arguments[1:]:
        name, path = entry.split("=", 1)
        if '"' in path or "\\" in path:
            print(f"{path!r} cannot be served: quotes or backslashes in its name", file=sys.stderr)
            return 2
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(LAUNCH.format(path=path))
        server.get_mount_points().add_factory(f"/{name}", factory)
    if not server.attach(None):
        print(f"port {arguments[0]} cannot be listened on", file=sys.stderr)
        return 1
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print("ready", flush=True)
    loop.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
