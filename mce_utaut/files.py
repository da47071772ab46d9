"""Every read and write of the package: whole files only, nothing overwritten without being told to.

A write goes to a temporary sibling that is renamed into place once it is complete and on the disk, so
that a full disk, a lost power or a kill leaves the old file (or folder) or the new one, never a half.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mce_utaut.errors import FileProblem, Problem

LARGEST_INPUT = 1 << 30
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ANOTHER = "name another folder with --out"
MARKER = ".mce_utaut"  # in every written folder: the names of the files that were written there


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read: its name without folder, its bytes, and their sha256 (hex)."""

    name: str
    content: bytes
    sha256: str


def read(path: str | Path) -> ReadFile:
    """The content of ``path``. Raises ``FileProblem`` where it is missing, a folder, unreadable or
    larger than ``LARGEST_INPUT`` bytes."""
    path = Path(path)
    try:
        if path.is_dir():
            raise _problem(path, "is a folder.", "Name a file in it.")
        if path.stat().st_size > LARGEST_INPUT:
            raise _problem(path, f"is larger than {LARGEST_INPUT >> 20} MiB.", "Split the file.")
        content = path.read_bytes()
    except FileNotFoundError:
        near = _near(path)
        hint = f"Did you mean {near}?" if near else "Check the name and the folder."
        raise _problem(path, "does not exist.", hint) from None
    except OSError as error:
        raise _problem(path, f"cannot be read ({_reason(error)}).", "Check the permissions.") from None
    return ReadFile(path.name, content, hashlib.sha256(content).hexdigest())


def write(path: str | Path, content: bytes, *, overwrite: bool = False, private: bool = False) -> None:
    """Writes one file whole or not at all. Raises ``FileProblem`` where it exists and ``overwrite`` is not
    given, or where the disk refuses. A ``private`` file is readable for its owner alone."""
    path = Path(path)
    refuse_existing(path, overwrite)
    with _disk_problems(path), _temporary(path) as part:
        if private:
            part.chmod(0o600)
        _write_through(part, content)
        if overwrite:
            os.replace(part, path)
        else:
            _rename_new(part, path)
        _sync_folder(path.parent)


def write_all(folder: str | Path, contents: Mapping[str, bytes], *, overwrite: bool = False) -> None:
    """Writes files (name -> content) into a folder that may hold others. None takes its place before all are on the
    disk. Raises ``FileProblem`` where one exists and ``overwrite`` is not given, or where the disk refuses."""
    folder = Path(folder)
    for name in contents:
        refuse_existing(folder / name, overwrite)
    with _disk_problems(folder), contextlib.ExitStack() as stack:
        parts = {folder / name: stack.enter_context(_temporary(folder / name)) for name in contents}
        for part, content in zip(parts.values(), contents.values(), strict=True):
            _write_through(part, content)
        for path, part in parts.items():
            if overwrite:
                os.replace(part, path)
            else:
                _rename_new(part, path)
        _sync_folder(folder)


def write_folder(folder: str | Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> None:
    """Writes a folder with ``files`` (relative path -> content) whole or not at all; an existing folder with
    anything in it is replaced as a whole, and only if ``overwrite`` is given and all its files were written by this
    function (the folder's ``MARKER`` says so). Raises ``FileProblem``."""
    folder = Path(folder)
    if folder.is_symlink():
        folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise _problem(folder, "is a file, not a folder.", "Choose another output folder.")
    refuse_existing(folder, overwrite or is_empty(folder), _ANOTHER)
    if folder.exists() and folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise _problem(folder, "holds the folder you stand in.", "Choose another output folder.")
    _refuse_strange_files(folder)
    with _disk_problems(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        try:
            part.chmod(0o777 & ~_umask())
            marked = {**files, MARKER: "".join(f"{name}\n" for name in sorted(files)).encode()}
            for name, content in marked.items():
                target = part / name
                if not target.resolve().is_relative_to(part.resolve()):
                    raise ValueError(f"{name!r} leaves the output folder")
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_through(target, content)
            _put_in_place(part, folder, overwrite)
            _sync_folder(folder.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def add(folder: str | Path, name: str, content: bytes, *, overwrite: bool = False) -> None:
    """Writes one file into a folder that ``write_folder`` wrote, which then counts it among its own; as ``write`` in
    any other folder. Raises ``FileProblem``."""
    folder = Path(folder)
    marker = folder / MARKER
    refuse_existing(folder / name, overwrite)
    # The marker first: a kill between the two must not leave a file that a later run takes for a stranger's.
    if marker.is_file():
        known = read(marker).content.decode("utf-8", errors="replace").splitlines()
        if name not in known:
            write(marker, "".join(f"{each}\n" for each in sorted((*known, name))).encode(), overwrite=True)
    write(folder / name, content, overwrite=overwrite)


def written_by(write: Callable[[str], None], suffix: str = "") -> bytes:
    """The bytes that ``write`` puts into the file whose path it is given: for libraries that know only paths.
    Raises ``FileProblem`` where the disk refuses."""
    where = Path("the folder of temporary files")
    with _disk_problems(where), tempfile.TemporaryDirectory(prefix="mce_utaut.") as folder:
        path = Path(folder) / f"file{suffix}"
        write(str(path))
        return path.read_bytes()


def _put_in_place(part: Path, folder: Path, overwrite: bool) -> None:
    if is_empty(folder):
        folder.rmdir()
    if not folder.exists():
        os.rename(part, folder)
        return
    refuse_existing(folder, overwrite, _ANOTHER)  # another run may have made it in the meantime
    _refuse_strange_files(folder)
    if not _exchange(part, folder):
        # Without an atomic exchange the old folder steps aside first; a kill between the two renames
        # leaves it whole under its `.old` name.
        aside = part.with_suffix(".old")
        os.rename(folder, aside)
        try:
            os.rename(part, folder)
        except OSError:
            os.rename(aside, folder)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two names in one step where the system can (Linux renameat2); tells whether it did."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0


def is_empty(folder: Path) -> bool:
    """Whether a folder is there that holds nothing: writing one in its place replaces nothing."""
    return folder.is_dir() and not any(folder.iterdir())


def refuse_existing(path: Path, overwrite: bool, instead: str = "choose another name") -> None:
    """Raises ``FileProblem`` where something stands at ``path`` and may not be replaced."""
    if not overwrite and (path.exists() or path.is_symlink()):
        raise _problem(path, "exists already.", f"Either add --overwrite or {instead}.")


def _refuse_strange_files(folder: Path) -> None:
    """Replacing a folder removes all that is in it: only where this program wrote all of that."""
    if not folder.exists():
        return
    marker = folder / MARKER
    written = set(marker.read_text(encoding="utf-8", errors="replace").splitlines()) if marker.is_file() else set()
    found = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir())
    strange = [name for path in found if (name := path.relative_to(folder).as_posix()) not in written | {MARKER}]
    if strange:
        more = f" and {len(strange) - 1} more files" if len(strange) > 1 else ""
        what = f"holds {strange[0]}{more}, which this program did not write."
        raise _problem(folder, what, "Either move them away or choose another output folder.")


def _rename_new(part: Path, path: Path) -> None:
    """Renames, but never over a file that appeared in the meantime."""
    try:
        os.link(part, path)
    except FileExistsError:
        refuse_existing(path, overwrite=False)
    except OSError:  # a file system without hard links
        os.replace(part, path)


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        part.chmod(0o666 & ~_umask())
        yield part
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _write_through(path: Path, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    # Some network file systems refuse this; the rename has happened by then and stands.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _disk_problems(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = {
            errno.ENOSPC: "Free some space and run again.",
            errno.EROFS: "Choose an output folder on a disk that can be written.",
            errno.EACCES: "Choose an output folder that you may write to.",
            errno.EPERM: "Choose an output folder that you may write to.",
        }.get(error.errno or 0, "Choose another output folder.")
        raise _problem(path, f"cannot be written ({_reason(error)}); nothing was changed.", remedy) from None


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _near(path: Path) -> str:
    import difflib

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return ""
    found = difflib.get_close_matches(path.name, names, n=1)
    return str(path.parent / found[0]) if found else ""


def _problem(path: Path, what: str, remedy: str) -> FileProblem:
    return FileProblem(Problem(what=what, remedy=remedy, file=str(path)))
