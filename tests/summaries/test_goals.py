"""Which way a metric is better, guessed from its name: the whole list of words, and names as people write them."""

import pytest

from runsite.model import Goal, GoalFrom, MetricDefinition
from runsite.summaries.goals import goal_of, guess_goal, is_quality, is_quiet_name, is_test, is_training, is_validation

MINIMIZE = (
    "loss nll ce bce mse rmse mae mape logloss rmsle error err perplexity ppl bpb bpc wer cer fid kid lpips eer brier "
    "ece regret crps"
).split()
MAXIMIZE = (
    "acc accuracy top1 top5 precision recall f1 auc auroc auprc ap map map50 iou miou dice bleu chrf rouge rouge1 "
    "rouge2 rougeL rougeLsum meteor psnr ssim ndcg mrr r2 kappa mcc pearson spearman reward return em pass@k pass@1 "
    "win_rate success_rate elbo"
).split()
NONE = (
    "lr step epoch grad_norm weight_norm time eta tokens_per_second samples_per_second memory gpu_memory system/gpu "
    "system/loss system.cpu tokens samples count std stderr entropy kl loss_scale false_negative score train/score "
    "val_score"
).split()
DECORATIONS = (
    "{}",
    "train/{}",
    "val_{}",
    "valid.{}",
    "test-{}",
    "eval {}",
    "val/best_{}",
    "{}_mean",
    "{}/avg",
    "{}_best",
    "head/{}",
)


@pytest.mark.parametrize("shape", DECORATIONS)
def test_what_is_known_to_shrink_is_minimised(shape: str) -> None:
    assert {guess_goal(shape.format(word)) for word in MINIMIZE} == {"minimize"}


@pytest.mark.parametrize("shape", DECORATIONS)
def test_what_is_known_to_grow_is_maximised(shape: str) -> None:
    assert {guess_goal(shape.format(word)) for word in MAXIMIZE} == {"maximize"}


def test_a_neg_before_it_turns_a_metric_around() -> None:
    assert {guess_goal(f"neg_{word}") for word in MINIMIZE} == {"maximize"}
    assert {guess_goal(f"neg_{word}") for word in MAXIMIZE} == {"minimize"}


@pytest.mark.parametrize("name", NONE)
def test_clocks_counters_and_bare_scores_have_no_goal(name: str) -> None:
    assert guess_goal(name) is None


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("valLoss", "minimize"),
        ("trainAcc", "maximize"),
        ("Accuracy", "maximize"),
        ("ROC-AUC", "maximize"),
        ("val/mIoU", "maximize"),
        ("metrics/mAP50-95(B)", "maximize"),
        ("mAP@0.5", "maximize"),
        ("recall@10", "maximize"),
        ("err@1", "minimize"),
        ("top5_error", "minimize"),
        ("word_error_rate", "minimize"),
        ("neg_mean_squared_error", "maximize"),
        ("f1_macro", "maximize"),
        ("acc_val", "maximize"),
        ("loss/0", "minimize"),
        ("log_loss", "minimize"),
        ("bleu-4", "maximize"),
        ("loss_std", None),
        ("acc/std", None),
        ("loss_time", None),
        ("loss_weight", None),
        ("weight_decay", None),
        ("learning_rate", None),
        ("false_positive_rate", None),
        ("lossy", None),
        ("recaller", None),
        ("errors_total", None),
        ("", None),
        ("/", None),
        ("val", None),
        ("best", None),
        ("損失", None),
    ],
)
def test_names_as_people_write_them(name: str, goal: Goal | None) -> None:
    assert guess_goal(name) == goal


@pytest.mark.parametrize(
    ("settings", "record", "expected"),
    [
        ("minimize", "maximize", ("minimize", "settings")),
        (None, "minimize", ("minimize", "record")),
        (None, None, ("maximize", "guess")),
    ],
)
def test_settings_go_before_the_log_and_the_log_before_a_guess(
    settings: Goal | None, record: Goal | None, expected: tuple[Goal, GoalFrom]
) -> None:
    declared = {"acc": MetricDefinition("acc", settings, unit="%")}

    assert goal_of("acc", settings=declared, record=MetricDefinition("acc", record)) == expected


def test_a_metric_nobody_knows_has_no_goal_and_no_source_of_one() -> None:
    assert goal_of("wobble", settings={}, record=None) == (None, None)


def test_phases_are_known_by_whole_words() -> None:
    assert [is_validation(name) for name in ("val/acc", "validation_loss", "evalAcc", "value", "interval")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [is_test(name) for name in ("test/acc", "acc_test", "latest", "contest")] == [True, True, False, False]
    assert [is_training(name) for name in ("train/acc", "trainer/acc")] == [True, False]


def test_a_quality_measure_is_told_from_a_loss() -> None:
    assert [is_quality(name) for name in ("acc", "top5_error", "wer", "loss", "nll")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_clocks_and_counters_are_quiet_unless_declared() -> None:
    assert [is_quiet_name(name) for name in ("epoch", "time/step_time", "system/gpu", "loss", "lr")] == [
        True,
        True,
        True,
        False,
        True,
    ]
