"""A study's responses for an archive: SPSS, Stata, DDI Codebook and a codebook to read."""

from mce_utaut.archive.archive import Archive, build

__all__ = ["Archive", "build"]
