"""Gather what a run was started with: Python, the platform without the machine's name, the imported packages.

Packages are those imported so far, by the name they are installed under. Asking which distribution owns each module
(`importlib.metadata.packages_distributions`) reads every installed file list, 0.1 to 1 s; so a module is looked up
under its own name, then under the few names below where the two differ, and else speaks for itself by `__version__`.
"""

import platform
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from types import ModuleType
from typing import Any

DISTRIBUTIONS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "git": "GitPython",
    "jwt": "PyJWT",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "yaml": "PyYAML",
}
"""Modules whose distribution is called otherwise."""


def environment_record() -> dict[str, Any]:
    """Make the record that says what this run was started with."""
    return {
        "type": "environment",
        "python": platform.python_version(),
        "platform": platform_text(),
        "packages": imported_packages(sys.modules),
    }


def platform_text() -> str:
    """Describe system and processor; never the host, nor the kernel's release, which often names a machine's build."""
    return " ".join(part for part in (platform.system(), platform.machine()) if part)


def imported_packages(modules: Mapping[str, ModuleType]) -> dict[str, str]:
    """Return the version of each installed package among imported modules, sorted by name."""
    found = (_distribution(name, modules.get(name)) for name in _top_levels(modules))
    return dict(sorted(each for each in found if each is not None))


def _top_levels(modules: Iterable[str]) -> set[str]:
    names = {name.partition(".")[0] for name in list(modules)}
    return {name for name in names if not name.startswith("_") and name not in sys.stdlib_module_names}


def _distribution(name: str, module: ModuleType | None) -> tuple[str, str] | None:
    known = DISTRIBUTIONS.get(name, name)
    try:
        return known, metadata.version(known)
    except (metadata.PackageNotFoundError, ValueError, KeyError, TypeError):  # absent, or damaged metadata
        pass
    # Not getattr: a module's own __getattr__ may import half a library, or warn.
    version = vars(module).get("__version__") if isinstance(module, ModuleType) else None
    return (name, version) if isinstance(version, str) else None
