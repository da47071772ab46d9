"""A study's files where they stand: the study file's folder, and the folder of the shipped models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mce_utaut import files
from mce_utaut.files import ReadFile


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Reads what a study names. ``folder`` is what its relative paths start from, ``models`` the folder in
    which a model's bare name is looked up."""

    folder: Path
    models: Path

    def read(self, path: str) -> ReadFile:
        """The file at ``path``. Raises ``FileProblem``."""
        return files.read(self._at(path))

    def wordings(self, path: str) -> tuple[str, ...]:
        """The wording files beside the structure file ``path``: ``name.<language>.yaml`` for
        ``name.yaml``, in order of language."""
        structure = self._at(path)
        found = sorted(structure.parent.glob(f"{_escaped(structure.stem)}.*{structure.suffix}"))
        return tuple(str(each) for each in found if each.name.count(".") == structure.name.count(".") + 1)

    def model(self, name: str) -> str:
        """Where the model ``name`` is: a shipped one by its bare name, else the path itself."""
        return name if name.endswith(".lav") else str(self.models.absolute() / f"{name}.lav")

    def exists(self, path: str) -> bool:
        """Whether there is a file at ``path``."""
        return self._at(path).is_file()

    def known_models(self) -> tuple[str, ...]:
        """The names of the shipped models."""
        names = (each.name.removesuffix(".lav") for each in self.models.glob("*.lav"))
        return tuple(sorted(name for name in names if "." not in name))

    def _at(self, path: str) -> Path:
        return self.folder.absolute() / path


def _escaped(stem: str) -> str:
    import glob

    return glob.escape(stem)
