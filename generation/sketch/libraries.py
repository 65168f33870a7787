"""The classes of diffusers and transformers that the model is made of; their types are of no use to a type checker."""

from typing import Any, Final, TypeAlias

import diffusers
import transformers
from diffusers.models.autoencoders import autoencoder_kl_wan

# A torch module with a configuration, a tokenizer, a pipeline: what the classes below make.
Network: TypeAlias = Any
Tokenizer: TypeAlias = Any
Tokens: TypeAlias = Any
Pipeline: TypeAlias = Any

AutoencoderKLWan: Final[Any] = diffusers.AutoencoderKLWan
DiffusionPipeline: Final[Any] = diffusers.DiffusionPipeline
UniPCMultistepScheduler: Final[Any] = diffusers.UniPCMultistepScheduler
WanPipeline: Final[Any] = diffusers.WanPipeline
WanTransformer3DModel: Final[Any] = diffusers.WanTransformer3DModel
patchify: Final[Any] = autoencoder_kl_wan.patchify
unpatchify: Final[Any] = autoencoder_kl_wan.unpatchify

AutoTokenizer: Final[Any] = transformers.AutoTokenizer
PreTrainedTokenizerFast: Final[Any] = transformers.PreTrainedTokenizerFast
UMT5Config: Final[Any] = transformers.UMT5Config
UMT5EncoderModel: Final[Any] = transformers.UMT5EncoderModel


def keep_quiet() -> None:
    """Let the libraries report errors only, and draw no progress bars: for commands whose output is read."""
    for logging in (diffusers.utils.logging, transformers.utils.logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
