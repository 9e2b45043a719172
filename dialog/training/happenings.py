"""What may happen before cameras and microphones, in the habits and the very words of the encoders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import words
from dialog.training.diary import Diary
from dialog.training.words_lettering import VEHICLES, lettering
from streams import wording
from streams.types import NS

COUNTED = ("person", "car", "dog", "cat", "bird")
"""The classes whose number in view the encoders tell."""

STAY_S = (10.0, 60.0, 300.0, 1800.0, 7200.0)
"""After how many seconds of rest the encoders tell that a thing stays."""

Happening = Callable[[Diary, str], None]


def comes_or_goes(d: Diary, source: str) -> None:
    """Somebody or something enters or leaves; the count follows."""
    if d.inside[source] and d.rng.random() < 0.45:
        _goes(d, source)
    else:
        _comes(d, source)


def _comes(d: Diary, source: str) -> None:
    rng, here = d.rng, d.inside[source]
    noun, side = rng.choice(d.nouns), d.side()
    d.later("object", source, wording.enters(noun, side), "enters", noun=noun, side=side)
    since = d.t_ns
    if noun == "something" and rng.random() < 0.6:
        noun = rng.choice([other for other in d.nouns if other != "something"] or ["person"])
        d.soon("object", source, wording.recognised(noun), "recognised", noun=noun)
    here.append((noun, since))
    _count(d, source, noun)
    if rng.random() < 0.12:
        _stays(d, source, len(here) - 1)
    if here and rng.random() < 0.15:
        _goes(d, source)


def _goes(d: Diary, source: str) -> None:
    """The longest or any of those in view leaves, after as long as it was there."""
    here = d.inside[source]
    i = 0 if d.rng.random() < 0.4 else d.rng.randrange(len(here))
    noun, since = here.pop(i)
    side = d.side()
    d.wait()
    if since is None:
        d.add("object", source, wording.leaves(noun, side), "leaves", noun=noun, side=side)
    else:
        after = (d.t_ns - since) / NS
        told = wording.duration(after)
        d.add("object", source, wording.leaves(noun, side, after), "leaves", noun=noun, side=side, duration=told)
    _count(d, source, noun)


def _count(d: Diary, source: str, noun: str) -> None:
    """How many are in view now; mostly for what the encoders count, now and then for other systems' classes."""
    if noun == "something" or d.rng.random() > (0.8 if noun in COUNTED else 0.25):
        return
    n = sum(other == noun for other, _ in d.inside[source])
    d.soon("count", source, wording.count(noun, n), "count", noun=noun, n=str(n))


def begins(d: Diary, source: str) -> None:
    """The picture begins with people or things in it, or their number is told out of the blue."""
    noun = d.rng.choice(["person", "person", "person", "car", "dog", "cat", "bird"])
    if d.narrow:
        noun = d.rng.choice([n for n in d.nouns if n in COUNTED] or ["person"])
    n = d.rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12])
    others: list[tuple[str, int | None]] = [(other, t) for other, t in d.inside[source] if other != noun]
    d.inside[source] = others + [(noun, None)] * n
    d.later("count", source, wording.count(noun, n), "count", noun=noun, n=str(n))


def group(d: Diary, source: str) -> None:
    """Several of a kind come one after the other, then the count is told."""
    noun = d.rng.choice([n for n in d.nouns if n != "something"] or ["person"])
    for i in range(d.rng.randint(2, 4)):
        side = d.side()
        add = d.soon if i else d.later
        add("object", source, wording.enters(noun, side), "enters", noun=noun, side=side)
        d.inside[source].append((noun, d.t_ns))
    _count(d, source, noun)


def passes(d: Diary, source: str) -> None:
    """Somebody or something crosses the picture: in on one side, out on another a little later."""
    noun = d.rng.choice([n for n in d.nouns if n != "something"] or ["person"])
    start, end = d.rng.sample(["left", "right", "top", "bottom"], 2)
    d.later("object", source, wording.enters(noun, start), "enters", noun=noun, side=start)
    since = d.t_ns
    d.t_ns += round(d.rng.uniform(1.5, 25) * NS)
    after = (d.t_ns - since) / NS
    told = wording.duration(after)
    d.add("object", source, wording.leaves(noun, end, after), "leaves", noun=noun, side=end, duration=told)


def shows(d: Diary, source: str) -> None:
    """What the picture as a whole shows."""
    pool = words.split(words.LABELS, d.held_out)
    n = d.rng.randint(1, 3)
    labels = list(dict.fromkeys(d.rng.choice(pool) for _ in range(n)))
    d.later("scene", source, wording.scene(labels), "scene", labels="|".join(labels))


def cut(d: Diary, source: str) -> None:
    """The whole picture is replaced, and mostly what it shows is told."""
    d.later("scene", source, wording.scene_change(), "scene_change")
    d.inside[source] = []
    if d.rng.random() < 0.6:
        shows(d, source)


def faces(d: Diary, source: str) -> None:
    """Faces look at the camera."""
    n = d.rng.choice([0, 1, 1, 1, 2, 2, 3, 4])
    d.later("face", source, wording.faces(n), "faces", n=str(n))


def reads_sign(d: Diary, source: str) -> None:
    """A sign appears, or one that was there is gone."""
    known = d.signs[source]
    if known and d.rng.random() < 0.35:
        text = known.pop(d.rng.randrange(len(known)))
        d.later("sign", source, wording.sign_gone(text), "sign_gone", text=text)
        return
    text = words.sign_text(d.rng, d.held_out)
    known.append(text)
    d.later("sign", source, wording.sign(text), "sign", text=text)
    if d.rng.random() < 0.2:
        text = words.sign_text(d.rng, d.held_out)
        known.append(text)
        d.soon("sign", source, wording.sign(text), "sign", text=text)


def drives_up(d: Diary, source: str) -> None:
    """A vehicle comes, and what is written on it can be read."""
    noun, side = d.rng.choice(sorted(VEHICLES)), d.side()
    d.later("object", source, wording.enters(noun, side), "enters", noun=noun, side=side)
    came, since = len(d.facts) - 1, d.t_ns
    sort = d.rng.choice(VEHICLES[noun])
    text = lettering(sort, d.rng, d.held_out)
    d.soon("sign", source, wording.sign(text), "sign", text=text, of=noun, sort=sort, came=str(came))
    if d.rng.random() < 0.5:
        d.inside[source].append((noun, since))
        d.signs[source].append(text)
    elif d.rng.random() < 0.8:
        d.wait()
        after, side = (d.t_ns - since) / NS, d.side()
        told = wording.duration(after)
        d.add("object", source, wording.leaves(noun, side, after), "leaves", noun=noun, side=side, duration=told)
        if d.rng.random() < 0.5:
            d.soon("sign", source, wording.sign_gone(text), "sign_gone", text=text)


def changes_light(d: Diary, source: str) -> None:
    """The light goes on or off, or it gets brighter or darker."""
    if d.rng.random() < 0.25:
        how = d.rng.choice(["brighter", "darker"])
        d.later("light", source, wording.light(f"gets {how}"), "brightness", how=how)
        return
    state = d.light.get(source) or d.rng.choice(["on", "off"])
    state = "off" if state == "on" else "on"
    d.light[source] = state
    d.later("light", source, wording.light(f"goes {state}"), "light", state=state)


def sounds(d: Diary, source: str) -> None:
    """A sound, a sudden loud one, or lasting noise that begins or ends."""
    r = d.rng.random()
    if r < 0.65:
        sound = d.pick(words.SOUNDS)
        d.later("sound", source, wording.heard(sound), "sound", sound=sound)
        if d.rng.random() < 0.1:
            d.later("sound", source, wording.heard(sound), "sound", sound=sound)
    elif r < 0.83:
        d.later("sound", source, wording.loud(), "loud")
    else:
        noisy = not d.noisy.get(source, False)
        d.noisy[source] = noisy
        d.later("sound", source, wording.noise(noisy), "noise", state="noisy" if noisy else "quiet")


def lingers(d: Diary, source: str) -> None:
    """A thing stands still for a while."""
    if d.inside[source]:
        _stays(d, source, d.rng.randrange(len(d.inside[source])))
    else:
        stirs(d, source)


def _stays(d: Diary, source: str, i: int) -> None:
    """Tell that a thing has stayed as long as it may have: not longer than it has been there."""
    noun, since = d.inside[source][i]
    d.wait()
    if since is None:
        how_long = d.rng.choice([d.rng.uniform(5, 90), d.rng.uniform(90, 3000), d.rng.choice(STAY_S)])
    else:
        there = (d.t_ns - since) / NS
        limits = [limit for limit in STAY_S if limit <= there]
        how_long = limits[-1] if limits else STAY_S[0]
        if d.rng.random() < 0.4:
            how_long = max(how_long, d.rng.uniform(0.4, 1.0) * there)
        d.t_ns = max(d.t_ns, since + round(how_long * NS))
    side, told = d.side(), wording.duration(how_long)
    d.add("object", source, wording.stays(noun, side, how_long), "stays", noun=noun, side=side, duration=told)


def stirs(d: Diary, source: str) -> None:
    """Movement that belongs to nothing known."""
    side = d.side()
    d.later("motion", source, wording.motion(side), "motion", side=side)


def moves_somewhere(d: Diary, source: str) -> None:
    """A thing changes its place in the picture, sometimes twice."""
    if not d.inside[source]:
        _comes(d, source)
    if not d.inside[source]:
        return
    noun = d.rng.choice(d.inside[source][-8:])[0]
    start, end = d.rng.sample(["left", "right", "middle", "top", "bottom"], 2)
    d.later("object", source, wording.moves(noun, start, end), "moves", noun=noun, start=start, end=end)
    if d.rng.random() < 0.2:
        again = d.rng.choice([side for side in ("left", "right", "middle") if side != end])
        d.later("object", source, wording.moves(noun, end, again), "moves", noun=noun, start=end, end=again)


def breaks(d: Diary, source: str) -> None:
    """A camera is covered, frozen or gone, or works again."""
    say = {"covered": wording.covered, "frozen": wording.frozen, "gone": wording.gone}
    last = d.fault.pop(source, None)
    if last is not None:
        d.later("health", source, say[last](False), "mended", fault=last)
        return
    fault = d.rng.choice(["covered", "frozen", "gone"])
    d.fault[source] = fault
    d.inside[source] = []
    d.later("health", source, say[fault](True), "fault", fault=fault)


def microphone(d: Diary, source: str) -> None:
    """A microphone gives no more sound, or gives it again."""
    key = f"microphone of {source}"
    state = "back" if d.fault.pop(key, None) else "gone"
    if state == "gone":
        d.fault[key] = state
    d.later("health", source, wording.gone(state == "gone", "microphone"), "microphone", state=state)


SEEN: Sequence[tuple[Happening, float]] = (
    (comes_or_goes, 21), (passes, 3), (group, 2), (begins, 3), (reads_sign, 8), (drives_up, 3), (changes_light, 7),
    (shows, 5), (faces, 2), (cut, 1), (lingers, 5), (stirs, 2), (moves_somewhere, 4), (breaks, 3),
)  # fmt: skip

HEARD: Sequence[tuple[Happening, float]] = ((sounds, 8), (microphone, 0.6))
