"""Write files whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from horgos_geo.core.errors import HorgosError, OutputError


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` when the block ends well.

    The temporary file lies in the same folder, so that the last step is one rename; a reader
    sees the old file or the new one, never a part. On any error the temporary file is removed
    and the old file stays. A link stays a link, to the new file; a device or a pipe, such as
    ``/dev/stdout``, cannot be replaced and is written to as it is.

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
    if not Path(path).name:
        raise OutputError(f"Cannot write {str(path)!r}: it names no file. Give a file name.")
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")
    try:
        if _is_special(Path(path)):
            yield Path(path)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        if isinstance(error, HorgosError):
            raise
        raise OutputError(
            f"Cannot write {str(path)[:200]}: {error.strerror or error}. "
            "Choose a folder that you may write to."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _is_special(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


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
        if temporary.is_file():
            os.fsync(stream.fileno())
    return Path(path)


def check_folder(folder: Path) -> None:
    """Tell of a folder that cannot be written to before minutes of work, not after.

    Raises
    ------
    OutputError
        It is a file, or nothing can be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file, not a folder. Choose another.")
    probe = folder / ".probe"
    write_atomic(probe, "")
    probe.unlink(missing_ok=True)
