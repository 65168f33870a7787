"""Training at tiny size: every stage really runs, stops, goes on, and what it saves is an ordinary pipeline."""

import dataclasses
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from generation.sketch.assemble import renew_reading
from generation.sketch.autoencoder import (
    AutoencoderCourse,
    DecoderCourse,
    build_autoencoder,
    clips_to_tensor,
    draw_spans,
    encode,
    pass_through,
)
from generation.sketch.course import Clock, Course, Pace, TrainingError
from generation.sketch.growth import begin_with, deepen_transformer, divide_tokens, widen_transformer
from generation.sketch.recipe import TINY, change_recipe
from generation.sketch.sampling import Sampling, open_pipeline, sample_clips
from generation.sketch.scenes import Scene, Thing, is_held_out
from generation.sketch.text import TextCourse, build_text_encoder, embed, train_tokenizer
from generation.sketch.train import Workshop, main, train
from generation.sketch.transformer import (
    TransformerCourse,
    build_transformer,
    encode_clips,
    training_scene,
)
from generation.sketch.world import film_scene

CPU = torch.device("cpu")
PARTS = ["scheduler", "text_encoder", "tokenizer", "transformer", "vae"]
WEIGHED = ("text_encoder", "transformer", "vae")  # those that hold weights


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole run of the command with the tiny recipe."""
    work = tmp_path_factory.mktemp("sketch")
    assert main(["--recipe", "tiny", "--work", str(work), "--device", "cpu"]) == 0
    return work


def test_trained_model_opens_and_samples_a_clip(trained: Path) -> None:
    pipeline = open_pipeline(trained / "model", CPU)
    how = Sampling(width=48, height=32, frames=8, steps=2)
    clips = sample_clips(pipeline, ["a red ball rises"], [1], how)
    again = sample_clips(pipeline, ["a red ball rises"], [1], how)
    assert type(pipeline).__name__ == "WanPipeline"
    assert [(clip.shape, str(clip.dtype)) for clip in clips] == [((8, 32, 48, 3), "uint8")]
    assert np.array_equal(clips[0], again[0])


def test_trained_model_is_readable_by_all_and_names_no_folder(trained: Path) -> None:
    model = trained / "model"
    assert sorted(path.name for path in model.iterdir() if path.is_dir()) == PARTS
    assert {path.stat().st_mode & 0o777 for path in model.rglob("*") if path.is_file()} == {0o644}
    told = [path.name for path in model.rglob("*.json") if str(trained.parent) in path.read_text(encoding="utf-8")]
    assert told == []
    assert "_name_or_path" not in json.loads((model / "vae" / "config.json").read_text(encoding="utf-8"))


def test_trained_autoencoder_has_measured_its_latents(trained: Path) -> None:
    held = json.loads((trained / "model" / "vae" / "config.json").read_text(encoding="utf-8"))
    assert (len(held["latents_mean"]), len(held["latents_std"])) == (TINY.autoencoder.channels,) * 2
    assert held["latents_std"] != [1.0] * TINY.autoencoder.channels


def test_training_without_time_says_so_and_goes_on_later(tmp_path: Path) -> None:
    command = ["--recipe", "tiny", "--stage", "text", "--work", str(tmp_path), "--device", "cpu"]
    assert [main([*command, "--minutes", "0"]), main(command)] == [3, 0]
    state = torch.load(tmp_path / "text.checkpoint.pt", weights_only=True)
    assert state["step"] == TINY.text.steps


def test_training_out_of_order_names_the_missing_stage(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, TINY, CPU, Clock())
    with pytest.raises(TrainingError, match="Run --stage text first") as caught:
        train(shop, ["transformer"], tmp_path / "model")
    assert caught.value.code == "stage-missing"


def test_training_out_of_order_ends_with_status_1(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    command = ["--recipe", "tiny", "--stage", "transformer", "--work", str(tmp_path), "--device", "cpu"]
    assert main(command) == 1
    told = "There is no tokenizer yet. Run --stage text first, or give --start-from a model. (stage-missing)"
    assert caplog.messages == [told]


def test_training_starts_from_a_saved_model(trained: Path, tmp_path: Path) -> None:
    """A course that learns nothing leaves the weights it began with: here they are drawn by lot, so no others are they."""
    start = tmp_path / "start"
    shutil.copytree(trained / "model", start)
    torch.manual_seed(9)
    for path in start.glob("*/*.safetensors"):
        drawn = {name: (0.1 * torch.rand(weight.shape)).to(weight.dtype) for name, weight in load_file(path).items()}
        save_file(drawn, path, {"format": "pt"})
    recipe = dataclasses.replace(TINY, transformer=dataclasses.replace(TINY.transformer, rate=0.0))
    shop = Workshop(tmp_path / "work", recipe, CPU, Clock(), start=start)
    assert train(shop, ["transformer"], tmp_path / "model") is True
    kept, begun = weights_of(tmp_path / "model"), weights_of(start)
    assert {part: kept[part] == begun[part] for part in kept} == dict.fromkeys(WEIGHED, True)


def weights_of(model: Path) -> dict[str, dict[str, list[float]]]:
    """The stored numbers of every part of a model."""
    return {
        path.parent.name: {name: weight.flatten().tolist() for name, weight in load_file(path).items()}
        for path in model.glob("*/*.safetensors")
    }


def test_training_starts_from_a_saved_model_by_command(trained: Path, tmp_path: Path) -> None:
    start = trained / "model"
    command = ["--recipe", "tiny", "--stage", "transformer", "--work", str(tmp_path), "--start-from", str(start)]
    assert main([*command, "--device", "cpu"]) == 0
    assert sorted(path.name for path in (tmp_path / "model").iterdir() if path.is_dir()) == PARTS
    kept, begun = weights_of(tmp_path / "model"), weights_of(start)
    changed = {"vae": False, "transformer": True, "text_encoder": True}
    assert {part: kept[part] != begun[part] for part in kept} == changed


def test_saved_model_reads_by_the_rules_of_today(trained: Path, tmp_path: Path) -> None:
    rules = rules_of(trained / "model")
    start = tmp_path / "start"
    shutil.copytree(trained / "model", start)
    forget_rules(start)
    recipe = dataclasses.replace(TINY, transformer=dataclasses.replace(TINY.transformer, steps=0))
    shop = Workshop(tmp_path / "work", recipe, CPU, Clock(), start=start)
    assert train(shop, ["transformer"], tmp_path / "model") is True
    assert (rules_of(start), rules_of(tmp_path / "model")) == (None, rules)


def test_reading_of_a_saved_model_is_renewed_and_nothing_else(trained: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(trained / "model", model)
    forget_rules(model)
    renew_reading(model)
    files = [path.relative_to(model) for path in model.rglob("*") if path.is_file()]
    changed = [path for path in files if (model / path).read_bytes() != (trained / "model" / path).read_bytes()]
    assert changed == []


def rules_of(model: Path) -> object:
    """What a saved tokenizer does to a text before it makes tokens of it."""
    return json.loads((model / "tokenizer" / "tokenizer.json").read_text(encoding="utf-8"))["normalizer"]


def forget_rules(model: Path) -> None:
    """Save the tokenizer as one that reads every text as it stands."""
    path = model / "tokenizer" / "tokenizer.json"
    held = json.loads(path.read_text(encoding="utf-8")) | {"normalizer": None}
    path.write_text(json.dumps(held), encoding="utf-8")


def test_training_goes_on_from_a_model_of_fewer_channels(trained: Path, tmp_path: Path) -> None:
    recipe = dataclasses.replace(TINY, autoencoder=dataclasses.replace(TINY.autoencoder, channels=6))
    shop = Workshop(tmp_path, recipe, CPU, Clock(), start=trained / "model")
    assert train(shop, ["autoencoder", "transformer"], tmp_path / "model") is True
    pipeline = open_pipeline(tmp_path / "model", CPU)
    assert (pipeline.vae.config.z_dim, pipeline.transformer.config.in_channels) == (6, 6)
    [clip] = sample_clips(pipeline, ["a red ball rises"], [1], Sampling(width=48, height=32, frames=8, steps=2))
    assert clip.shape == (8, 32, 48, 3)


def test_first_channels_come_to_mean_what_they_meant_earlier(tmp_path: Path) -> None:
    torch.manual_seed(0)
    wider = dataclasses.replace(TINY.autoencoder, channels=6, steps=150, rate=0.01)
    earlier, autoencoder = build_autoencoder(TINY.autoencoder), build_autoencoder(wider)
    pixels = clips_to_tensor(draw_spans(random.Random(9), 4, 3).clips, CPU)

    @torch.no_grad()
    def off() -> float:
        return float((encode(autoencoder, pixels)[0][:, :4] - encode(earlier, pixels)[0]).square().mean())

    before = off()
    AutoencoderCourse(wider, autoencoder, 1, CPU, earlier=earlier).run(tmp_path / "checkpoint.pt", Clock())
    assert off() < 0.5 * before


def test_wider_transformer_answers_as_before_and_nothing_for_the_new_channels() -> None:
    torch.manual_seed(0)
    narrow = build_transformer(TINY.transformer, channels=4, text_width=TINY.text.width)
    torch.nn.init.normal_(narrow.proj_out.weight)
    torch.nn.init.normal_(narrow.proj_out.bias)
    wide = widen_transformer(narrow, 6)
    latents, reading = torch.randn(1, 6, 4, 4, 6), torch.randn(1, 8, TINY.text.width)
    when = torch.tensor([300.0])
    answer = wide(latents, when, reading, return_dict=False)[0]
    assert torch.allclose(answer[:, :4], narrow(latents[:, :4], when, reading, return_dict=False)[0], atol=1e-5)
    assert (answer.shape, answer[:, 4:].abs().max().item()) == (latents.shape, 0.0)


def test_smaller_token_is_read_and_answered_as_a_larger_one_of_equal_parts() -> None:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.transformer, patch=(4, 2, 2))
    coarse = build_transformer(recipe, channels=4, text_width=TINY.text.width)
    torch.nn.init.normal_(coarse.proj_out.weight)
    torch.nn.init.normal_(coarse.proj_out.bias)
    fine = divide_tokens(coarse, (2, 2, 2))
    latents, reading = torch.randn(1, 4, 2, 2, 2), torch.randn(1, 8, TINY.text.width)
    when = torch.tensor([300.0])
    answer = fine(latents, when, reading, return_dict=False)[0]
    answer_of_four = coarse(latents.repeat_interleave(2, dim=2), when, reading, return_dict=False)[0]
    assert torch.allclose(answer, answer_of_four.unflatten(2, (2, 2)).mean(3), atol=1e-5)
    assert fine(torch.randn(1, 4, 6, 4, 6), when, reading, return_dict=False)[0].shape == (1, 4, 6, 4, 6)


def test_tokens_are_not_divided_into_larger_ones() -> None:
    coarse = build_transformer(TINY.transformer, channels=4, text_width=TINY.text.width)
    with pytest.raises(TrainingError) as caught:
        divide_tokens(coarse, (4, 2, 2))
    assert caught.value.code == "patch-mismatch"


@pytest.mark.parametrize(("held", "layers"), [(2, 3), (2, 4), (3, 5), (6, 9)])
def test_deeper_transformer_answers_as_before_and_its_new_blocks_learn(held: int, layers: int) -> None:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.transformer, layers=held)
    shallow = build_transformer(recipe, channels=4, text_width=TINY.text.width)
    torch.nn.init.normal_(shallow.proj_out.weight)
    deep = deepen_transformer(shallow, layers)
    latents, reading = torch.randn(1, 4, 4, 4, 6), torch.randn(1, 8, TINY.text.width)
    when = torch.tensor([300.0])
    answer = deep(latents, when, reading, return_dict=False)[0]
    assert torch.allclose(answer, shallow(latents, when, reading, return_dict=False)[0], atol=1e-5)
    answer.square().mean().backward()
    new = [block for block in deep.blocks if not block.ffn.net[2].weight.any()]
    assert (len(deep.blocks), len(new)) == (layers, layers - held)
    assert all(block.ffn.net[2].weight.grad.any() for block in new)


def test_transformer_to_begin_with_is_grown_to_the_recipe_and_never_shrunk(trained: Path, tmp_path: Path) -> None:
    deeper = dataclasses.replace(TINY.transformer, layers=3)
    grown = begin_with(trained / "model", deeper, channels=6)
    assert (grown.config.num_layers, len(grown.blocks), grown.config.in_channels) == (3, 3, 6)
    shutil.copytree(trained / "model", tmp_path / "model")
    grown.save_pretrained(tmp_path / "model" / "transformer")
    again = begin_with(tmp_path / "model", TINY.transformer, channels=4)
    assert (again.config.num_layers, again.config.in_channels) == (3, 6)


def text_course(steps: int) -> Course:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.text, steps=steps)
    return TextCourse(recipe, train_tokenizer(recipe, 1), build_text_encoder(recipe), 1, CPU)


def autoencoder_course(steps: int) -> Course:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.autoencoder, steps=steps)
    return AutoencoderCourse(recipe, build_autoencoder(recipe), 1, CPU)


def decoder_course(steps: int) -> Course:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.decoder, steps=steps)
    return DecoderCourse(recipe, build_autoencoder(TINY.autoencoder), 1, CPU)


def transformer_course(steps: int, latents: Path, **changes: float) -> TransformerCourse:
    torch.manual_seed(0)
    recipe = dataclasses.replace(TINY.transformer, steps=steps, **changes)
    clips = encode_clips(build_autoencoder(TINY.autoencoder), recipe.clips, 1, latents, Clock())
    assert clips is not None
    transformer = build_transformer(recipe, channels=TINY.autoencoder.channels, text_width=TINY.text.width)
    tokenizer, encoder = train_tokenizer(TINY.text, 1), build_text_encoder(TINY.text)
    return TransformerCourse(recipe, transformer, encoder, tokenizer, clips, text_length=32, seed=1, device=CPU)


class StepsClock(Clock):
    """A clock that is up after so many looks at it."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def is_up(self) -> bool:
        self._looks -= 1
        return self._looks < 0


@pytest.mark.parametrize("stage", ["text", "autoencoder", "decoder", "transformer"])
def test_course_stopped_and_resumed_ends_like_one_left_alone(stage: str, tmp_path: Path) -> None:
    makers: dict[str, Callable[[int], Course]] = {
        "text": text_course,
        "autoencoder": autoencoder_course,
        "decoder": decoder_course,
        "transformer": lambda steps: transformer_course(steps, tmp_path / "latents"),
    }
    make = makers[stage]
    whole, begun, resumed = make(4), make(4), make(4)
    whole.run(tmp_path / "whole.pt", Clock())
    begun.run(tmp_path / "stopped.pt", StepsClock(2))
    assert (begun.step, begun.finished) == (2, False)
    resumed.resume(tmp_path / "stopped.pt")
    resumed.run(tmp_path / "stopped.pt", Clock())
    states = [torch.load(tmp_path / name, weights_only=True) for name in ("whole.pt", "stopped.pt")]
    pairs = zip(states[0]["average"], states[1]["average"], strict=True)
    assert [torch.equal(one, other) for one, other in pairs] == [True] * len(states[0]["average"])


def test_decoder_course_leaves_the_latents_alone(tmp_path: Path) -> None:
    course = decoder_course(3)
    before = {name: weight.clone() for name, weight in course.networks["vae"].state_dict().items()}
    course.run(tmp_path / "checkpoint.pt", Clock())
    after = course.networks["vae"].state_dict()
    same = {name.split(".")[0] for name in after if torch.equal(before[name], after[name])}
    changed = {name.split(".")[0] for name in after if not torch.equal(before[name], after[name])}
    assert {"encoder", "quant_conv"} <= same
    assert changed == {"decoder", "post_quant_conv"}


def test_transformer_learns_latents_and_to_trace_things(tmp_path: Path) -> None:
    course = transformer_course(60, tmp_path / "latents")
    before = course.loss(1000).item()
    course.run(tmp_path / "checkpoint.pt", Clock())
    assert course.loss(1000).item() < before


def test_given_first_frame_is_not_asked_for(tmp_path: Path) -> None:
    """The untrained network answers zero, so the loss is that of the clips over the places asked for."""
    free = {"first_given": 0.0, "thing_weight": 0.0, "tracing_weight": 0.0}
    latents = tmp_path / "latents"
    never, always = (transformer_course(1, latents, **free | {"first_given": share}) for share in (0.0, 1.0))
    target = _clips_by_time(never, 0)
    assert never.loss(0).item() == pytest.approx(target.square().mean().item(), rel=1e-4)
    assert always.loss(0).item() == pytest.approx(target[:, :, 1:].square().mean().item(), rel=1e-4)


def _clips_by_time(course: TransformerCourse, step: int) -> torch.Tensor:
    rng = random.Random(f"1/transformer/{step}")
    chosen = [rng.randrange(TINY.transformer.clips) for _ in range(TINY.transformer.batch)]
    odds = torch.randn(len(chosen), generator=course.random(step, 1)).exp() * TINY.transformer.training_shift
    times = (odds / (1.0 + odds)).clamp(min=0.2)
    return course.clips.latents[chosen].float() / times.view(-1, 1, 1, 1, 1)


def test_transformer_that_answered_with_the_velocity_begins_anew_to_answer(trained: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(trained / "model", model)
    held = begin_with(model, TINY.transformer, channels=4).state_dict()
    path = model / "scheduler" / "scheduler_config.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"sample"', '"flow_prediction"'), encoding="utf-8")
    begun = begin_with(model, TINY.transformer, channels=4).state_dict()
    changed = {name for name in held if not torch.equal(held[name], begun[name])}
    assert changed == {"proj_out.weight", "proj_out.bias"}
    assert not any(begun[name].any() for name in changed)


def test_recipe_is_changed_for_one_stage() -> None:
    changed = change_recipe(TINY, "decoder", steps=7, rate=0.25, clips=3)
    assert (changed.decoder.steps, changed.decoder.rate, changed.transformer.clips) == (7, 0.25, 3)
    assert (changed.text, changed.transformer.steps) == (TINY.text, TINY.transformer.steps)
    assert change_recipe(TINY, "all") == TINY


@pytest.mark.parametrize("option", ["--steps", "--rate"])
def test_steps_and_rate_of_all_stages_at_once_are_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--recipe", "tiny", option, "3"])
    assert capsys.readouterr().err.splitlines()[-1].endswith("error: --steps and --rate need one --stage.")


@pytest.mark.parametrize("rate", ["0", "-0.001", "1", "nan"])
def test_rate_that_teaches_nothing_or_breaks_everything_is_refused(
    rate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--recipe", "tiny", "--stage", "text", f"--rate={rate}"])
    assert capsys.readouterr().err.splitlines()[-1].endswith("error: --rate must be between 0 and 1.")


def test_course_learns_at_the_rate_that_is_given(tmp_path: Path) -> None:
    rates = []
    for name, options in (("usual", []), ("other", ["--rate", "0.01"])):
        work = tmp_path / name
        assert main(["--recipe", "tiny", "--stage", "text", "--work", str(work), "--device", "cpu", *options]) == 0
        state = torch.load(work / "text.checkpoint.pt", weights_only=True)
        rates.append(state["optimisers"][0]["param_groups"][0]["lr"])
    assert rates[1] / rates[0] == pytest.approx(0.01 / TINY.text.rate)


def test_clips_are_found_again_and_never_those_of_other_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autoencoder = build_autoencoder(TINY.autoencoder)
    first = encode_clips(autoencoder, 2, 1, tmp_path, Clock())
    assert first is not None
    again = encode_clips(autoencoder, 2, 1, tmp_path, Clock(0.0))
    assert again is not None and torch.equal(first.latents, again.latents)
    monkeypatch.setattr("generation.sketch.transformer._TAUGHT_ALONE", 1.0)
    assert encode_clips(autoencoder, 2, 1, tmp_path, Clock(0.0)) is None


def test_clips_that_other_code_drew_are_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autoencoder = build_autoencoder(TINY.autoencoder)
    assert encode_clips(autoencoder, 2, 1, tmp_path / "latents", Clock()) is not None
    world = tmp_path / "world.py"
    world.write_text("# draws otherwise", encoding="utf-8")
    monkeypatch.setattr("generation.sketch.transformer._DRAWN_BY", (world,))
    assert encode_clips(autoencoder, 2, 1, tmp_path / "latents", Clock(0.0)) is None


def test_checkpoint_of_other_networks_is_refused(tmp_path: Path) -> None:
    text_course(1).run(tmp_path / "checkpoint.pt", Clock())
    with pytest.raises(TrainingError) as caught:
        autoencoder_course(1).resume(tmp_path / "checkpoint.pt")
    assert caught.value.code == "checkpoint-mismatch"


def test_course_learns(tmp_path: Path) -> None:
    course = text_course(40)
    before = course.loss(1000).item()
    course.run(tmp_path / "checkpoint.pt", Clock())
    assert course.loss(1000).item() < before


def test_pace_rises_stays_and_falls() -> None:
    pace = Pace(steps=100, warm_up=10, level_share=0.4)
    assert [round(pace.at(step), 3) for step in (0, 9, 40, 70, 100)] == [0.1, 1.0, 1.0, 0.525, 0.05]


def test_whole_clip_passes_the_autoencoder_as_frame_by_frame() -> None:
    torch.manual_seed(0)
    autoencoder = build_autoencoder(TINY.autoencoder).eval()
    # The official way in takes 1, 5, 9, 13 ... frames and drops what is over.
    clip = film_scene(Scene((Thing("red", "ball", "up"),), "sea"), random.Random(1), frames=13)[None]
    pixels = torch.from_numpy(clip).permute(0, 4, 1, 2, 3).float() / 127.5 - 1.0
    with torch.no_grad():
        official = ((autoencoder(pixels).sample + 1.0) * 127.5).round().permute(0, 2, 3, 4, 1).numpy()
    assert np.abs(pass_through(autoencoder, clip).astype(int) - official).max() <= 1


def test_embedding_is_zero_where_the_caption_ends() -> None:
    torch.manual_seed(0)
    tokenizer, encoder = train_tokenizer(TINY.text, 1), build_text_encoder(TINY.text)
    length = len(tokenizer("a red ball").input_ids)
    reading = embed(encoder, tokenizer, ["a red ball"], 32)
    assert reading.abs().sum(-1).bool().tolist() == [[True] * length + [False] * (32 - length)]


def test_training_scenes_are_never_held_out() -> None:
    assert [index for index in range(500) if is_held_out(training_scene(1, index)[0])] == []


def test_what_is_harder_comes_oftener_in_training() -> None:
    scenes = [training_scene(1, index)[0] for index in range(2000)]
    motions = Counter(thing.motion for scene in scenes for thing in scene.things)
    assert 0.55 < sum(len(scene.things) == 2 for scene in scenes) / len(scenes) < 0.65
    assert {motion for motion, _ in motions.most_common(3)} == {"bounce", "circle", "spin"}
