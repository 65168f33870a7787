"""What can go wrong in an engine: a stable code, a sentence a person can act on, and whether trying again may help."""

from __future__ import annotations


class Stopped(Exception):
    """Raised by `Control.checkpoint` when the take must end now; engines let it pass and keep no state of the job."""


class EngineError(Exception):
    """A render that cannot succeed. `retry` is true where the same order may succeed later or on another machine."""

    def __init__(self, code: str, message: str, *, retry: bool = False) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.retry = retry

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class RegistryBroken(EngineError):
    """The model registry file is missing, cannot be parsed, or says something that cannot be."""

    def __init__(self, message: str, *, code: str = "models-file-broken") -> None:
        super().__init__(code, message)


class UnknownModel(EngineError):
    """No model of this name in the registry."""

    def __init__(self, message: str) -> None:
        super().__init__("model-unknown", message)


class ModelMissing(EngineError):
    """The registry knows the model, but its files are not on this machine."""

    def __init__(self, message: str) -> None:
        super().__init__("model-missing", message)


class ModelBroken(EngineError):
    """The model's files are here but incomplete or damaged."""

    def __init__(self, message: str) -> None:
        super().__init__("model-broken", message)


class ModelMismatch(EngineError):
    """The folder holds something else than the registry entry says (another class, other shapes)."""

    def __init__(self, message: str) -> None:
        super().__init__("model-class", message)


class OrderRefused(EngineError):
    """This model cannot render this order: the size, the length or the reference image does not fit."""


class PromptRefused(OrderRefused):
    """The words cannot be rendered."""

    def __init__(self, message: str, *, code: str = "prompt-empty") -> None:
        super().__init__(code, message)


class OutOfMemory(EngineError):
    """The device's memory did not suffice, also not on the second, thriftier try."""

    def __init__(self, message: str) -> None:
        super().__init__("gpu-memory", message, retry=True)


class FramesBroken(EngineError):
    """What came out is not a film: not-a-number values, one flat colour, or the wrong number of frames."""

    def __init__(self, message: str) -> None:
        super().__init__("frames-broken", message)
