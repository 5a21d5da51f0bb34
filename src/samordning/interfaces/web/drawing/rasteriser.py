"""A program of its own: SVG on standard input, PNG on standard output. Arguments: the scale, then the fonts to use.

It stands apart from the rest of the package, so that it starts at once, and uses a bounded share of memory and time.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Final

_MEMORY: Final = 1 << 30
_SECONDS: Final = 20


def main() -> None:
    """Read, draw, write."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import resvg_py  # noqa: PLC0415  # after the limits

    scale, *fonts = sys.argv[1:]
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=float(scale),
        background="#ffffff",
        skip_system_fonts=True,
        font_files=fonts,
        sans_serif_family="Inter",
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
