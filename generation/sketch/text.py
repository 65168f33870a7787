"""The tokenizer and the small text encoder, which is first taught to name what a caption says."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import tokenizers
import torch
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW

from generation.sketch.course import Course, Pace
from generation.sketch.libraries import (
    AutoTokenizer,
    Network,
    PreTrainedTokenizerFast,
    Tokenizer,
    Tokens,
    UMT5Config,
    UMT5EncoderModel,
)
from generation.sketch.recipe import TextRecipe
from generation.sketch.scenes import Scene, choose_scene, noun_ends, write_caption
from generation.sketch.words import CAMERAS, COLOURS, MOTIONS, SETTINGS, SHAPES, reading_rules

PAD: Final = "<pad>"
END: Final = "</s>"

# Read off the token of a thing's noun, and off the end of the caption.
_OF_A_THING: Final = {"colour": COLOURS, "shape": SHAPES, "motion": MOTIONS}
_OF_A_SCENE: Final = {"setting": SETTINGS, "camera": CAMERAS, "count": (1, 2)}


def train_tokenizer(recipe: TextRecipe, seed: int) -> Tokenizer:
    """Train a byte-level BPE tokenizer, in small letters, on drawn captions; being byte-level it takes any text."""
    rng = random.Random(f"{seed}/tokenizer")
    captions = [write_caption(choose_scene(rng), rng) for _ in range(recipe.captions_for_tokenizer)]
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.normalizer = _build_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=[PAD, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(captions, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A {END} $B {END}", special_tokens=[(END, tokenizer.token_to_id(END))]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, model_max_length=512)


def _build_normalizer() -> normalizers.Normalizer:
    rules = [normalizers.Replace(tokenizers.Regex(pattern), replacement) for pattern, replacement in reading_rules()]
    return normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), *rules])


def build_text_encoder(recipe: TextRecipe) -> Network:
    """Build an untrained text encoder."""
    config = UMT5Config(
        vocab_size=recipe.vocabulary,
        d_model=recipe.width,
        d_kv=recipe.width // recipe.heads,
        d_ff=recipe.feed_forward,
        num_layers=recipe.layers,
        num_heads=recipe.heads,
        dropout_rate=0.0,
        is_encoder_decoder=False,
        pad_token_id=0,
        eos_token_id=1,
        use_cache=False,
    )
    return UMT5EncoderModel(config)


def open_tokenizer(folder: Path) -> Tokenizer:
    """Open a saved tokenizer with the rules of `words.reading_rules` as they are now; they are saved with it.

    Its tokens stay the same. So whatever is trained and saved reads a prompt as the web tier says it is read.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    tokenizer.backend_tokenizer.normalizer = _build_normalizer()
    return tokenizer


def open_text_encoder(folder: Path) -> Network:
    """Open a saved text encoder in float32."""
    return UMT5EncoderModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)


def tokenize(tokenizer: Tokenizer, captions: Sequence[str], length: int, *, offsets: bool = False) -> Tokens:
    """Turn captions into tokens (captions, length), padded and cut, with mask, and character offsets if asked."""
    return tokenizer(
        list(captions),
        padding="max_length",
        max_length=length,
        truncation=True,
        return_attention_mask=True,
        return_offsets_mapping=offsets,
        return_tensors="pt",
    )


def embed(encoder: Network, tokenizer: Tokenizer, captions: Sequence[str], length: int) -> Tensor:
    """Return the reading of captions, (captions, length, width), with zeros for padding as `WanPipeline` makes it."""
    tokens = tokenize(tokenizer, captions, length).to(_device_of(encoder))
    reading: Tensor = encoder(tokens.input_ids, tokens.attention_mask).last_hidden_state
    mask: Tensor = tokens.attention_mask
    return reading * mask[..., None]


class TextCourse(Course):
    """Teaches a text encoder to name what a caption says.

    That is colour, shape and motion at each noun, and setting, camera and count at the end of the caption. The heads
    that name are thrown away afterwards. Captions are text only: no clip of a held-out scene is ever drawn for it.
    """

    def __init__(
        self,
        recipe: TextRecipe,
        tokenizer: Tokenizer,
        encoder: Network,
        seed: int,
        device: torch.device,
    ) -> None:
        width = encoder.config.d_model
        heads = nn.ModuleDict(
            {name: nn.Linear(width, len(answers)) for name, answers in (_OF_A_THING | _OF_A_SCENE).items()}
        )
        weights = [*encoder.parameters(), *heads.parameters()]
        optimiser = AdamW(weights, lr=recipe.rate, weight_decay=0.01)
        super().__init__({"text_encoder": encoder, "heads": heads}, [optimiser], Pace(recipe.steps, warm_up=50), device)
        self._recipe = recipe
        self._tokenizer = tokenizer
        self._seed = seed

    def loss(self, step: int) -> Tensor:
        """Return the summed cross-entropy of all six questions over a batch of fresh captions."""
        rng = random.Random(f"{self._seed}/text/{step}")
        scenes = [choose_scene(rng) for _ in range(self._recipe.batch)]
        captions = [write_caption(scene, rng) for scene in scenes]
        tokens = tokenize(self._tokenizer, captions, self._recipe.length, offsets=True)
        places = torch.tensor(_noun_places(captions, tokens.offset_mapping), device=self.device)
        tokens = tokens.to(self.device)
        reading = self.networks["text_encoder"](tokens.input_ids, tokens.attention_mask).last_hidden_state
        at_nouns = reading[places[:, 0], places[:, 1]]
        at_ends = reading[torch.arange(len(scenes), device=self.device), tokens.attention_mask.sum(1) - 1]
        losses = [self._ask(name, at_nouns, _answers_of_things(name, scenes)) for name in _OF_A_THING]
        losses += [self._ask(name, at_ends, _answers_of_scenes(name, scenes)) for name in _OF_A_SCENE]
        return torch.stack(losses).sum()

    def _ask(self, name: str, reading: Tensor, answers: list[int]) -> Tensor:
        heads: Network = self.networks["heads"]
        return functional.cross_entropy(heads[name](reading), torch.tensor(answers, device=self.device))


def _noun_places(captions: Sequence[str], offsets: Tensor) -> list[tuple[int, int]]:
    """Return (caption, token) of every noun; a noun that is several tokens counts at its last."""
    places = []
    for row, caption in enumerate(captions):
        for end in noun_ends(caption):
            within = (offsets[row, :, 0] <= end) & (offsets[row, :, 1] > end)
            # A caption too long for the encoder is cut, as it is in sampling: the noun then counts at the last token.
            places.append((row, int(within.nonzero()[0, 0]) if within.any() else offsets.shape[1] - 1))
    return places


def _answers_of_things(name: str, scenes: Sequence[Scene]) -> list[int]:
    return [_OF_A_THING[name].index(getattr(thing, name)) for scene in scenes for thing in scene.things]


def _answers_of_scenes(name: str, scenes: Sequence[Scene]) -> list[int]:
    if name == "count":
        return [len(scene.things) - 1 for scene in scenes]
    return [_OF_A_SCENE[name].index(getattr(scene, name)) for scene in scenes]


def _device_of(network: nn.Module) -> torch.device:
    return next(network.parameters()).device
