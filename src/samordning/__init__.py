"""Which Norwegian welfare services must cooperate about a person, who coordinates, and on what legal basis.

::

    import samordning

    kg = samordning.load()
    kg.answer({"services": ["bup", "ppt"], "facts": {"cooperation_necessary": True}})
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from samordning.knowledge import Knowledge

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def load(folder: Path | None = None, *, processes: int = 0) -> Knowledge:
    """Open the dataset that came with the package, or the one in ``folder``.

    With ``processes``, answers are computed in that many processes of their own (Linux), so that many threads use many
    cores: ``with samordning.load(processes=4) as kg``. That pays for ``answer_json``; to make objects of an answer takes
    the asking process nearly as long as to compute it.
    """
    # So that importing the package costs nothing.
    if processes:
        from samordning.crowd import Crowd  # noqa: PLC0415

        return Crowd.start(folder, processes)
    from samordning.knowledge import Knowledge  # noqa: PLC0415

    return Knowledge.open(folder)
