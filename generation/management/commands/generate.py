"""`manage.py generate`: ask for a film through the same gate and queue as the site."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile

from artists.people.models import Person
from generation.models import Generation
from generation.queries import generations_visible_to, workers_alive
from generation.services import keep_reference, submit
from generation.states import ENDED, GenerationState
from generation.storyboards import ShotAsked
from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand, person_called
from portal.storage.shelf import fetch_file

LOOK_EVERY = 0.5


class Command(ProgramCommand):
    """Exit 0 when done (or, without --wait, when it was taken on); 1 with a code otherwise."""

    help = "Ask for a film."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """The shots and how they are made."""
        parser.add_argument("prompt", help="what the first shot shows")
        parser.add_argument(
            "--shot", action="append", default=[], metavar="PROMPT", help="one more shot; may be repeated"
        )
        parser.add_argument("--artist", required=True, metavar="EMAIL")
        parser.add_argument("--seconds", type=float, help="length of each shot (default: the model's)")
        parser.add_argument("--size", metavar="WxH")
        parser.add_argument("--model", metavar="NAME")
        parser.add_argument("--seed", type=int, help="seed of the first shot; the following ones count up")
        parser.add_argument("--reference", type=Path, metavar="IMAGE", help="the picture the first shot starts from")
        parser.add_argument("--wait", action="store_true", help="show progress, return when it ended")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the film here (implies --wait)")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Submit, wait, write."""
        artist = cast("Person", person_called(options["artist"]))
        self._check_out(options["out"])
        reference = self._reference(options["reference"], artist)
        seed = options["seed"]
        shots = [
            ShotAsked(
                prompt=prompt,
                seconds=options["seconds"],
                seed=None if seed is None else seed + number,
                reference=reference if number == 0 else None,
            )
            for number, prompt in enumerate([options["prompt"], *options["shot"]])
        ]
        generation = submit(shots, actor=artist, model=options["model"], size=options["size"])
        if options["wait"] or options["out"]:
            generation = self._wait(generation, quiet=options["json"])
        return self._answer(generation, options["out"])

    def _check_out(self, out: Path | None) -> None:
        if out is not None and not out.resolve().parent.is_dir():
            words = f"There is no folder {out.resolve().parent}."
            raise Refused(
                "generate", denied("out-folder-missing", words, todo="Nothing was asked for.", kind=Kind.INVALID)
            )

    def _reference(self, path: Path | None, artist: Person) -> Any:
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except OSError as fault:
            unreadable = denied("reference-unreadable", f"{path} cannot be read: {fault.strerror}.", kind=Kind.INVALID)
            raise Refused("generate", unreadable) from fault
        return keep_reference(SimpleUploadedFile(path.name, data), actor=artist)

    def _wait(self, generation: Generation, *, quiet: bool) -> Generation:
        said = ""
        if not workers_alive().exists():
            self.stderr.write("No worker is here yet; start one with `manage.py worker`. Waiting.")
        while generation.state not in ENDED:
            time.sleep(LOOK_EVERY)
            generation = generations_visible_to(generation.artist).get(pk=generation.pk)
            takes = generation.takes.order_by("position")
            now = ", ".join(
                f"shot {take.position} {take.state} {take.phase} {take.step}/{take.steps}" for take in takes
            )
            if not quiet and now != said:
                self.stderr.write(f"{generation.state}: {now}")
                said = now
        return generation

    def _answer(self, generation: Generation, out: Path | None) -> tuple[dict[str, Any], list[str]]:
        done = generation.state == GenerationState.DONE
        clip = generation.clip if done else None
        answer: dict[str, Any] = {
            "generation": str(generation.pk),
            "state": generation.state,
            "clip": str(clip.pk) if clip else None,
            "seconds": clip.seconds if clip else generation.seconds,
            "cost": generation.seconds if done else 0,
            "file": None,
        }
        if generation.state in ENDED and not done:
            answer |= {"code": generation.state_code, "message": generation.state_reason, "_exit": 1}
            self.stderr.write(f"{generation.state_code}: {generation.state_reason} Nothing was charged.")
        if clip is not None and out is not None:
            fetch_file(clip.film, out)
            answer["file"] = str(out)
        lines = [f"{generation} is {generation.state}." + (f" Film: {answer['file']}" if answer["file"] else "")]
        return answer, lines
