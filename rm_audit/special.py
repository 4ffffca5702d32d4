"""The five of SciPy's special functions that are used here, without the package around them.

`import scipy.special` also reads what wraps the functions for other array libraries, NumPy's Fortran tools among it:
that takes a quarter of the time of importing pandas. The functions stand in one compiled module, which is loaded alone;
where a version of SciPy does not allow that, the package is imported as ever. Both give the very same functions.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import scipy

__all__ = ["betaincinv", "gammaincinv", "log_ndtr", "ndtr", "ndtri"]

_PACKAGE = "scipy.special"


def _home() -> ModuleType:
    """The module that has the functions. A later import of the whole package finds everything as it expects it."""
    if _PACKAGE in sys.modules:
        return sys.modules[_PACKAGE]
    bare = ModuleType(_PACKAGE)  # so that the package's own code, which imports the rest, is not run
    bare.__path__ = [str(Path(folder) / "special") for folder in scipy.__path__]
    sys.modules[_PACKAGE] = bare
    try:
        found = import_module(f"{_PACKAGE}._ufuncs")
    except ImportError:
        found = bare
    finally:
        del sys.modules[_PACKAGE]
    return found if all(hasattr(found, name) for name in __all__) else import_module(_PACKAGE)


if TYPE_CHECKING:
    from scipy.special import betaincinv, gammaincinv, log_ndtr, ndtr, ndtri
else:
    _found = _home()
    betaincinv, gammaincinv = _found.betaincinv, _found.gammaincinv
    log_ndtr, ndtr, ndtri = _found.log_ndtr, _found.ndtr, _found.ndtri
