"""Which messages a customer's page has: static/js/webchat/ledger.js, for one conversation."""

from dataclasses import dataclass, field


@dataclass
class Place:
    conversation: str | None = None
    base: int = 0
    seqs: set[int] = field(default_factory=set)

    def note(self, conversation: str, seq: int) -> bool:
        """True the first time. Another conversation than before is an empty page."""
        if conversation != self.conversation:
            self.conversation, self.base, self.seqs = conversation, 0, set()
        is_first = seq > self.base and seq not in self.seqs
        self.seqs.add(seq)
        return is_first

    def complete(self, conversation: str | None, newest: int) -> None:
        """The server sent all it has up to there."""
        if conversation and conversation != self.conversation:
            self.conversation, self.base, self.seqs = conversation, 0, set()
        self.base = max(self.base, newest)

    @property
    def after(self) -> int:
        """The last number before the first hole."""
        while self.base + 1 in self.seqs:
            self.base += 1
        return self.base

    @property
    def has_hole(self) -> bool:
        return self.after < max(self.seqs, default=0)
