"""Recipes: the settings they accept, the errors for others, and the validity of all shipped recipes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from apsnet_core.assets import asset
from apsnet_core.cli.app import run as apsnet
from apsnet_core.training.config import ConfigError, TrainConfig, load_config, make_config, override
from apsnet_core.training.recipes import find_recipe, recipes
from apsnet_core.weights.metadata import load_metadata

PAPER = [name for name in recipes() if name.startswith("paper/")]
BASE = 'model = "apsnet"\ntask = "classification"\nsizes = [8]\ntask_weights = "net"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", recipes())
def test_every_shipped_recipe_is_valid_and_names_existing_weights(name: str) -> None:
    config = load_config(find_recipe(name))
    assert find_recipe(name).read_text().startswith("# ")
    shipped = asset("weights", f"{config.task_weights}.safetensors")
    runs = {row.run_name for row in recipes().values()}
    if config.model == "task":
        assert config.task_weights is None
    elif shipped.is_file():
        assert load_metadata(shipped).task == config.task
    else:
        assert config.task_weights in runs
    if config.initial_weights:
        before = load_config(find_recipe(config.initial_weights))
        assert (before.model, before.task, before.data) == (config.model, config.task, config.data)


def test_the_list_of_recipes_agrees_with_their_files() -> None:
    rows = list(recipes().values())
    assert len({row.title for row in rows}) == len(rows)
    for row in rows:
        config = load_config(row.path)
        assert row.title and row.data == config.data and row.epochs == config.optimisation.epochs
        assert set(row.needs) == {config.task_weights, config.initial_weights} - {None}
    assert [row.data for row in rows[:3]] == ["furniture"] * 3 and rows[0].model == "task"


def test_the_list_names_every_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert apsnet(["train", "--list"]) == 0
    printed = capsys.readouterr().out
    assert all(row.name in printed and row.title in printed for row in recipes().values())


def test_there_is_a_recipe_for_every_model_of_the_tables() -> None:
    made = {(row.model, row.task, row.name.startswith("paper/")) for row in recipes().values()}
    for paper in (False, True):
        for task in ("classification", "reconstruction", "registration"):
            for model in ("task", "apsnet", "apsnet_kd", "samplenet"):
                assert (model, task, paper) in made
        assert ("snet", "classification", paper) in made


@pytest.mark.parametrize(
    ("name", "epochs", "batch", "rate", "decay", "weight"),
    [
        ("classification-pointnet", 400, 128, 1e-2, 1e-4, None),
        ("classification-apsnet", 400, 128, 1e-2, 1e-4, 30),
        ("reconstruction-apsnet", 400, 128, 5e-4, 0, 0.01),
        ("registration-samplenet", 400, 128, 1e-3, 0, 0.01),
        ("registration-pcrnet", 500, 32, 1e-3, 0, None),
    ],
)
def test_recipes_of_the_paper_have_its_schedule(
    name: str, epochs: int, batch: int, rate: float, decay: float, weight: float | None
) -> None:
    config = load_config(find_recipe(f"paper/{name}"))
    how = config.optimisation
    assert (how.epochs, how.batch_size, how.learning_rate, how.weight_decay) == (epochs, batch, rate, decay)
    assert how.schedule == "step" and how.decay_every == 20
    assert weight is None or (config.loss.weight, config.loss.delta) == (weight, 0)


def test_the_papers_recipes_normalise_to_the_unit_cube() -> None:
    for task in ("classification", "registration"):
        nets = [c for c in map(load_config, map(find_recipe, PAPER)) if c.task == task]
        net = next(config for config in nets if config.model == "task")
        assert net.normalisation == "unit_cube"
        # A sampler takes the normalisation of its task net if its recipe sets none.
        assert all(c.task_weights == net.name and c.normalisation is None for c in nets if c is not net)


def test_values_can_be_set_from_a_shell(tmp_path: Path) -> None:
    changes = [
        "sizes=[4, 8]",
        "optimisation.epochs=5",
        "data=/some where",
        "augmentation.redraw=true",
        "name=x",
    ]
    config = load_config(written(tmp_path, BASE + "[optimisation]\nbatch_size = 4\n"), changes)
    assert (config.sizes, config.data, config.name) == ([4, 8], "/some where", "x")
    assert (config.optimisation.epochs, config.optimisation.batch_size) == (5, 4)
    assert config.augmentation.redraw is True
    assert TrainConfig.model_validate(config.model_dump(mode="json")) == config


def test_override_does_not_change_its_argument() -> None:
    values = {"optimisation": {"epochs": 1}}
    assert override(values, ["optimisation.epochs=2"]) == {"optimisation": {"epochs": 2}}
    assert values == {"optimisation": {"epochs": 1}}


@pytest.mark.parametrize(
    ("text", "changes", "why"),
    [
        (BASE, ["epochs=3"], "there is no setting epochs"),
        (BASE, ["optimisation.rate=3"], "there is no setting optimisation.rate"),
        (BASE, ["optimisation"], "write key=value"),
        (BASE, ["data.path=x"], "data is a value|there is no setting|data: .* it takes text"),
        (BASE, ["model.x=1"], "model is a single value and has no x"),
        (BASE, ["optimisation.epochs=0"], "epochs: 0 is not accepted; it takes a whole number of at least 1"),
        (BASE, ["optimisation.epochs=many"], "epochs: 'many' is not accepted; it takes a whole number of"),
        (BASE, ["sizes=[8, 0]"], "sizes: 0 is not accepted; it takes a whole number of at least 1 and"),
        (BASE, ["sizes=8"], "sizes: 8 is not accepted; it takes a list, each in it a whole number"),
        (BASE, ["optimisation.clip_norm=-1"], "clip_norm: -1 is not accepted; it takes a number above 0$"),
        (BASE, ["augmentation.scale=[1]"], "scale: 1 is not accepted; it takes 2 values, each a number ab"),
        (BASE, ["split.test=1"], "split.test: 1 is not accepted; it takes a number above 0 and below 1$"),
        (BASE, ["keep=all"], "keep: 'all' is not accepted; it takes best or last$"),
        (BASE, ["device="], "device: nothing is given; it takes auto or cpu or cuda$"),
        (
            BASE,
            [f"name={'n' * 256}"],
            "name: 'n{20}…' is too long for a folder: up to 200 letters are accepted",
        ),
        (BASE, ["sizes=[]"], "`sizes` is empty"),
        (BASE, ["sizes=[8, 4, 8]"], "`sizes` names 8 twice$"),
        (BASE, ["sizes=[true]"], "sizes: True is not accepted; it takes a whole number of at least 1"),
        (BASE, ["sizes=[[8]]"], r"sizes: \[8\] is not accepted; it takes a whole number of at least 1"),
        (BASE, ["data=[1]"], r"data: \[1\] is not accepted; it takes text$"),
        (BASE, ["data="], "data: nothing is given; it takes text$"),
        (BASE, ["task_weights="], "`task_weights` is empty"),
        (BASE, ["optimisation.warmup=inf"], "optimisation.warmup: inf is not accepted; it takes a number of"),
        (BASE, ["loss.neighbours=65537"], "loss.neighbours: 65537 is not accepted; .* and up to 65536$"),
        (BASE, ["model=samplenet", "sizes=[8, 16]"], "trained for one sample size, not 2"),
        (BASE, ["points=4"], "cannot sample 8 of 4 points"),
        (BASE, ["model=task"], "has no sample sizes"),
        (BASE.replace("task_weights", "initial_weights"), [], "`task_weights` is empty"),
        ("model = ", [], "is not TOML"),
    ],
)
def test_invalid_settings_are_refused_with_the_accepted_values(
    tmp_path: Path, text: str, changes: list[str], why: str
) -> None:
    with pytest.raises(ConfigError, match=why):
        load_config(written(tmp_path, text), changes)


def test_the_error_for_an_unknown_recipe_lists_all_recipes() -> None:
    with pytest.raises(ConfigError, match=r"the recipes are classification-apsnet, .*paper/"):
        find_recipe("classification")


@pytest.mark.parametrize("task", ["classification", "reconstruction", "registration"])
def test_the_protocol_is_the_same_for_every_sampler(task: str) -> None:
    models = ("apsnet", "samplenet", "snet", "apsnet-kd")
    alone = [load_config(find_recipe(f"protocol/{task}-{model}")) for model in models]
    own = {"name": "", "model": "apsnet", "loss": alone[0].loss, "score_scale": 1.0}
    assert len({config.model_copy(update=own).model_dump_json() for config in alone}) == 1
    assert all((c.keep, c.optimisation.batch_size) == ("last", 128) for c in alone)


def test_the_error_of_every_setting_is_in_our_own_words() -> None:
    """A value of the wrong type for any setting gives our own wording of the error, not pydantic's."""

    def wrong(model: type[BaseModel]) -> dict[str, object]:
        return {
            name: wrong(info.annotation)
            if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
            else {"no": "value"}
            for name, info in model.model_fields.items()
        }

    with pytest.raises(ConfigError) as raised:
        make_config(wrong(TrainConfig))
    said = str(raised.value).removeprefix("config: ").split("; it takes ")
    assert len(said) > 40 and "nput should" not in str(raised.value) and "table of" not in str(raised.value)
