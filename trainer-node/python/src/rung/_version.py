"""The version of this package."""

from importlib import metadata

try:
    VERSION = metadata.version("rung")
except metadata.PackageNotFoundError:
    VERSION = "development"
