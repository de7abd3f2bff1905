"""Which way a metric is better, and what kind of number it is.

A goal comes from the settings, else from the log, else it is guessed from the name, and says which. The guess:
split the name at `/ _ - .`, blanks and camel case; drop leading train / val / valid / test / eval and trailing
best / mean / avg; the last known word decides; a prefix `neg` flips it. In doubt there is no goal: a wrong guess
would crown the worst run. A guess is shown as such, and gates use declared goals alone.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from runsite.model import Goal, GoalFrom, MetricDefinition

_MINIMIZE = frozenset(
    "loss nll ce bce mse rmse mae mape logloss rmsle error err perplexity ppl bpb bpc wer cer fid kid lpips eer "
    "brier ece regret crps".split()
)
_MAXIMIZE = frozenset(
    "acc accuracy top1 top5 precision recall f1 auc auroc auprc ap map map50 iou miou dice bleu chrf meteor psnr "
    "ssim ndcg mrr r2 kappa mcc pearson spearman reward return em elbo".split()
)
_MAXIMIZE_PHRASES = (("win", "rate"), ("success", "rate"))
_NEUTRAL = frozenset(
    "lr step epoch norm time eta second seconds memory tokens samples count std stderr entropy kl negative positive "
    "scale weight ratio threshold".split()
)
"""Words that, standing last, leave a metric without a goal whatever stands before them."""
_NEUTRAL_PREFIXES = ("system/", "system.")
_PHASES = frozenset("train training val valid validation test testing eval evaluation dev".split())
_TAILS = frozenset("best mean avg average".split())
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[/_\-.\s()\[\]:]+")

_CLOCKS = frozenset(
    "time eta seconds duration timestamp elapsed runtime clock step steps epoch epochs iter iteration iterations lr "
    "pid count tokens samples episodes memory size parameters".split()
)
"""A metric whose name ends so is a constant, clock or counter unless somebody declared a goal for it."""


def words_of(name: str) -> list[str]:
    """Split a metric's name into lower-case words."""
    spaced = _CAMEL.sub(" ", name)
    return [word for word in _SEPARATORS.split(spaced.lower()) if word]


@lru_cache(maxsize=4096)  # the same names come in every run
def guess_goal(name: str) -> Goal | None:
    """Guess from its name whether more or less of a metric is better; None in doubt."""
    if name.lower().startswith(_NEUTRAL_PREFIXES):
        return None
    words = words_of(name)
    while words and words[0] in _PHASES:
        words = words[1:]
    while words and words[-1] in _TAILS:
        words = words[:-1]
    goal, flipped = _last_known(words), _is_negated(words)
    if goal is None or not flipped:
        return goal
    return "minimize" if goal == "maximize" else "maximize"


def _is_negated(words: list[str]) -> bool:
    return any(word == "neg" or (word.startswith("neg") and _word_goal(word[3:])) for word in words)


def _last_known(words: list[str]) -> Goal | None:
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if tuple(words[max(0, place - 1) : place + 1]) in _MAXIMIZE_PHRASES:
            return "maximize"
        if word in _NEUTRAL or (place and words[place - 1] == "per"):
            return None
        goal = _word_goal(word) or _joined_goal(words, place)
        if goal:
            return goal
    return None


def _word_goal(word: str) -> Goal | None:
    word = word if word.startswith("pass@") else word.partition("@")[0]  # recall@10 is a recall
    if word in _MINIMIZE:
        return "minimize"
    if word in _MAXIMIZE or word.startswith(("rouge", "pass@", "bleu")) or re.fullmatch(r"m?ap\d+", word):
        return "maximize"
    return _word_goal(word[3:]) if word.startswith("neg") and len(word) > 3 else None


def _joined_goal(words: list[str], place: int) -> Goal | None:
    """Known words that camel case or a separator split, such as `mAP50` or `log_loss`."""
    return _word_goal(words[place - 1] + words[place]) if place else None


def is_quiet_name(name: str) -> bool:
    """Tell whether a name is that of a clock, a counter or a setting rather than of a measure."""
    words = words_of(name)
    is_rate = words[-2:] == ["per", "second"]
    return name.lower().startswith(_NEUTRAL_PREFIXES) or is_rate or (bool(words) and words[-1] in _CLOCKS)


def goal_of(
    name: str, *, settings: Mapping[str, MetricDefinition], record: MetricDefinition | None
) -> tuple[Goal | None, GoalFrom | None]:
    """Decide a metric's goal and say where it comes from: settings, record, or a guess."""
    declared = settings.get(name)
    if declared is not None and declared.goal:
        return declared.goal, "settings"
    if record is not None and record.goal:
        return record.goal, "record"
    guess = guess_goal(name)
    return guess, "guess" if guess else None


def is_test(name: str) -> bool:
    return bool({"test", "testing"}.intersection(words_of(name)))


def is_validation(name: str) -> bool:
    return bool({"val", "valid", "validation", "dev", "eval", "evaluation"}.intersection(words_of(name)))


def is_training(name: str) -> bool:
    return bool({"train", "training"}.intersection(words_of(name)))


def is_quality(name: str) -> bool:
    """Tell a quality measure from a loss: what is maximised, or an error rate."""
    return guess_goal(name) == "maximize" or bool({"error", "err", "wer", "cer"}.intersection(words_of(name)))
