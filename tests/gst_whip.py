"""Publishes by WHIP with GStreamer's webrtcbin: a second client that is not ours. Run by Debian's own Python.

    /usr/bin/python3 gst_whip.py URL [vp8|h264|h264-bare] [SOUND.wav]

Prints one JSON line when connected, then publishes until its standard input ends, and says goodbye (DELETE).
`h264-bare` offers H.264 without its parameters: webrtcbin does so by itself when it makes the offer before the encoder
has told them, on a busy machine in one of ten starts.
"""

import json
import sys
import threading
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

VIDEO = {
    "vp8": "vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay ! "
    "application/x-rtp,media=video,encoding-name=VP8,payload=96",
    "h264": "openh264enc gop-size=30 ! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 ! "
    "application/x-rtp,media=video,encoding-name=H264,payload=96",
}


class WhipPublisher:
    def __init__(self, url, codec, wav):
        sound = f"filesrc location={wav} ! wavparse" if wav else "audiotestsrc is-live=true freq=440 volume=0.3"
        pipeline = (
            "webrtcbin name=rtc bundle-policy=max-bundle "
            f"videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1 ! "
            f"videoconvert ! queue ! {VIDEO[codec.removesuffix('-bare')]} ! rtc. "
            f"{sound} ! audioconvert ! audioresample ! queue ! opusenc ! rtpopuspay ! "
            "application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! rtc."
        )
        self.url, self.location = url, None
        self.bare = codec.endswith("-bare")
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(pipeline)
        self.rtc = self.pipeline.get_by_name("rtc")
        for index in range(2):
            one = self.rtc.emit("get-transceiver", index)
            one.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self.rtc.connect("on-negotiation-needed", self.offer)
        self.rtc.connect("notify::ice-gathering-state", self.gathered)
        self.rtc.connect("notify::connection-state", self.connected)

    def offer(self, rtc):
        rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered, None))

    def offered(self, promise, _):
        promise.wait()
        reply = promise.get_reply()
        offer = reply.get_value("offer")
        self.rtc.emit("set-local-description", offer, Gst.Promise.new())

    def gathered(self, rtc, _):
        if rtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            threading.Thread(target=self.post, daemon=True).start()

    def post(self):
        text = self.rtc.get_property("local-description").sdp.as_text()
        if self.bare:
            text = "".join(line for line in text.splitlines(True) if not line.startswith("a=fmtp:96"))
        request = urllib.request.Request(self.url, text.encode(), {"Content-Type": "application/sdp"}, method="POST")
        with urllib.request.urlopen(request, timeout=20) as response:
            self.location = urljoin(self.url, response.headers["Location"])
            answer = response.read()
        _, message = GstSdp.SDPMessage.new()
        GstSdp.sdp_message_parse_buffer(answer, message)
        kind = GstWebRTC.WebRTCSDPType.ANSWER
        description = GstWebRTC.WebRTCSessionDescription.new(kind, message)
        self.rtc.emit("set-remote-description", description, Gst.Promise.new())

    def connected(self, rtc, _):
        if rtc.get_property("connection-state") == GstWebRTC.WebRTCPeerConnectionState.CONNECTED:
            print(json.dumps({"connected": True}), flush=True)

    def run(self):
        threading.Thread(target=self.wait_for_the_end, daemon=True).start()
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        if self.location:
            urllib.request.urlopen(urllib.request.Request(self.location, method="DELETE"), timeout=10).close()
        self.pipeline.set_state(Gst.State.NULL)

    def wait_for_the_end(self):
        sys.stdin.read()
        self.loop.quit()


if __name__ == "__main__":
    Gst.init(None)
    WhipPublisher(
        sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "vp8", sys.argv[3] if len(sys.argv) > 3 else ""
    ).run()
