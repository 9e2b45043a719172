"""What of a reply was put into speech, and what of it has been heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialog.heard import Sentence, heard_text
from dialog.speech.synth import Synthesizer
from streams.sink import SpeechSink


@dataclass(slots=True)
class SpokenReply:
    """One reply's sentences on their way through a loudspeaker."""

    sink: SpeechSink | None
    generation: int
    voice: Synthesizer | None = None
    """Who speaks it."""
    sentences: list[Sentence] = field(default_factory=list)
    first_audio_s: float | None = None
    """Seconds from question to first synthesised sound."""
    _begun: int = 0
    """Sentences of which something was heard."""

    def begun(self) -> list[Sentence]:
        """The sentences that began to be heard since the last call."""
        if self.sink is None:
            return []
        played_s, new = self.sink.played_s(self.generation), []
        while self._begun < len(self.sentences):
            before_s = sum(one.duration_s for one in self.sentences[: self._begun])
            if played_s <= before_s:
                break
            new.append(self.sentences[self._begun])
            self._begun += 1
        return new

    def heard(self) -> str:
        """The words that were played; empty when nothing was."""
        if self.sink is None or not self.sentences:
            return ""
        return heard_text(self.sentences, self.sink.played_s(self.generation))
