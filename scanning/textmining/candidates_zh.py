"""Chinese candidate terms of one text: runs of admissible words between punctuation and stop words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .acronyms import best_long_form
from .candidates_en import LEFT, LOOSE, RIGHT, Candidate, Reading
from .initials_zh import long_form
from .segment_zh import Segmenter, Word
from .words_zh import ACTING, CLOSE_TAGS, GENERIC, INNER_TAGS, OPEN_TAGS, SOFT, SPLIT, SPLIT_TAGS

_CJK = re.compile("[\u3400-\u9fff]")
# One-character prefixes that jieba cuts off ("自|适应"): they open a word, whatever their tag.
_PREFIXES = frozenset("自非无反多单双超预聚")
# Acts that do close names of methods ("多目标优化", "图像处理", "含量测定").
_CLOSING_ACTS = frozenset({"优化", "处理", "测定", "计算", "分析", "制备", "表征", "开发"})
# Attributes in jieba's dictionary that have become nouns ("数字孪生").
_CLOSING_ATTRIBUTES = frozenset({"孪生"})
_DEFINITION = re.compile(
    "([\u3400-\u9fffA-Za-z0-9-]{2,40})[(\uff08](?:([^()\uff08\uff09]{0,80}?)[,\uff0c;\uff1b:\uff1a]\\s*(?:简称\\s*)?)?"
    "([A-Za-z][A-Za-z0-9-]{1,9})[)\uff09]"
)


@dataclass(frozen=True, slots=True)
class ChineseReader:
    """Reads Chinese texts into candidates."""

    segmenter: Segmenter
    max_words: int = 5
    max_characters: int = 14

    def runs(self, text: str) -> Iterator[list[Word]]:
        """Maximal runs of words that may belong to one keyword."""
        run: list[Word] = []
        for word in self.segmenter.words(text):
            if word.tag == "nz" or word.text in _PREFIXES or self._admits(word):
                run.append(word)
                continue
            if run:
                yield run
            run = []
        if run:
            yield run

    @staticmethod
    def _admits(word: Word) -> bool:
        return word.tag not in SPLIT_TAGS and word.text not in SPLIT and word.text[0].isalnum()

    def read(self, text: str) -> Iterator[Reading]:
        """Each run's words and its candidates."""
        for run in self.runs(text):
            yield [word.text.lower() for word in run], list(self.ngrams(run))

    def ngrams(self, run: list[Word]) -> Iterator[Candidate]:
        """Every n-gram of a run that may be a term; its form joins the words by spaces."""
        size = len(run)
        for i, first in enumerate(run):
            inner = True
            for j in range(i, min(i + self.max_words, size)):
                last = run[j]
                if last.end - first.start > self._most(run[i : j + 1]):
                    break
                inner = inner and (last.tag in INNER_TAGS or last.text in _PREFIXES)
                if not self._loosely(first, last):
                    continue
                strict = inner and (self._is_name(run[i : j + 1]) if i < j else self._alone(first))
                form = " ".join(word.text.lower() for word in run[i : j + 1])
                flags = (LEFT if i == 0 else 0) | (RIGHT if j == size - 1 else 0) | (0 if strict else LOOSE)
                yield first.start, last.end, form, flags

    def _is_name(self, words: list[Word]) -> bool:
        return self._opens(words[0]) and self._closes(words[-1]) and not self._is_clause(words)

    @staticmethod
    def _is_clause(words: list[Word]) -> bool:
        """An act after the name of a method ("HPLC法|测定", which jieba also cuts "HPLC|法测定")."""
        last = words[-1].text
        return (last in _CLOSING_ACTS and words[-2].text in GENERIC) or (
            last[0] == "法" and last[1:] in _CLOSING_ACTS
        )

    @staticmethod
    def _loosely(first: Word, last: Word) -> bool:
        """What an author might put under an abstract, tags of unknown words being what they are."""
        if last.text in _PREFIXES:
            return False
        if first is last:
            return len(first.text) >= 2 and first.tag not in {"m", "q"}
        return (
            first.tag not in {"k", "q"} and last.tag != "m" and not (last.tag == "d" and len(last.text) == 1)
        )

    def _most(self, words: list[Word]) -> int:
        latin = sum(len(word.text) for word in words if word.tag == "eng")
        return self.max_characters + min(latin, 20)

    @staticmethod
    def _opens(word: Word) -> bool:
        return word.text in _PREFIXES or (
            word.tag in OPEN_TAGS
            and word.text not in ACTING
            and not (word.tag == "v" and len(word.text) == 1)
        )

    @staticmethod
    def _closes(word: Word) -> bool:
        if word.text in _CLOSING_ATTRIBUTES:
            return True
        if word.tag not in CLOSE_TAGS or word.text in _PREFIXES or word.text in ACTING - _CLOSING_ACTS:
            return False
        return not (len(word.text) == 1 and word.tag in {"v", "vg", "q", "eng"})

    @staticmethod
    def _alone(word: Word) -> bool:
        if word.tag == "eng":
            return len(word.text) >= 3 and sum(c.isupper() for c in word.text) >= 2
        return (
            len(word.text) >= 2
            and word.tag not in {"m", "q", "d", "ns", "nr"}
            and word.text not in SOFT | ACTING
        )

    def acronyms(self, text: str) -> Iterator[tuple[str, int, int, str]]:
        """(short form, start, end, long form) of every `中文名称(ABC)` and `中文名称(English name, ABC)`.

        The long form is the longest admissible run that ends at the bracket, and the short form must hold two
        capitals. It must agree with the English name where one is given, else with what is known of the Chinese
        words' English (`initials_zh`).
        """
        for match in _DEFINITION.finditer(text):
            english, short = match.group(2) or "", match.group(3)
            # "支持向量机(GA-SVM)": a hyphened short form names a variant of what stands before it.
            if sum(c.isupper() for c in short) < 2 or "-" in short or not _CJK.search(match.group(1)):
                continue
            runs = list(self.runs(match.group(1)))
            if not runs or runs[-1][-1].end != len(match.group(1)):
                continue
            run = self._trim(runs[-1][-4:])
            if run and best_long_form(short, english.strip()) is None:
                run = self._trim(long_form(short, run))
            if run:
                start = match.start() + run[0].start
                yield short.lower(), start, match.end(1), " ".join(word.text.lower() for word in run)

    def _trim(self, run: list[Word]) -> list[Word]:
        while run and not self._opens(run[0]):
            run = run[1:]
        if len(run) == 1 and not self._alone(run[0]):
            return []
        return run if run and self._closes(run[-1]) and all(w.tag in INNER_TAGS for w in run) else []
