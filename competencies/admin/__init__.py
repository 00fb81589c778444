"""The administration site for what is exchanged with other systems."""

from . import esr_files, esr_imports, esr_names

__all__ = ["esr_files", "esr_imports", "esr_names"]
