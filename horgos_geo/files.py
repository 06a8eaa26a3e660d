"""Write files whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from horgos_geo.errors import OutputError


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` when the block ends well.

    The temporary file lies in the same folder, so that the last step is one rename; a reader
    sees the old file or the new one, never a part. On any error the temporary file is removed
    and the old file stays.

    Parameters
    ----------
    path
        Where the finished file is to stand. Missing folders are made.

    Yields
    ------
    Path
        The temporary path to write to; it ends like `path`.

    Raises
    ------
    OutputError
        The folder cannot be made or written to, or the disk is full.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        reason = error.strerror or str(error)
        raise OutputError(
            f"Cannot write {target}: {reason}. Choose a folder that you may write to."
        ) from error
    finally:
        temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None


def write_atomic(path: Path | str, content: bytes | str) -> Path:
    """Write `content` to `path`, whole or not at all, text as UTF-8.

    Parameters
    ----------
    path
        The file to write.
    content
        Text or bytes.

    Returns
    -------
    Path
        The written path.

    Raises
    ------
    OutputError
        As in `atomic_path`.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with atomic_path(path) as temporary, open(temporary, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(path)
