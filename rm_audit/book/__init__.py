"""All files of one call are one book: its tables in one currency, its channels settled, its rows accounted for."""

from rm_audit.book.build import build, persons_key
from rm_audit.book.model import Book, InputFile, InputSheet, SheetRef

__all__ = ["Book", "InputFile", "InputSheet", "SheetRef", "build", "persons_key"]
