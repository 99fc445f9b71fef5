"""Sources: one TOML file a publisher, in this folder or one of your own; added from the web, OPML in and out."""

from pipeline.sources.add import Added, add_source
from pipeline.sources.catalog import Catalog, load_sources, packaged_folder
from pipeline.sources.check import SourceCheck, check_sources
from pipeline.sources.opml import Imported, Skipped, export_opml, import_opml

__all__ = [
    "Added",
    "Catalog",
    "Imported",
    "Skipped",
    "SourceCheck",
    "add_source",
    "check_sources",
    "export_opml",
    "import_opml",
    "load_sources",
    "packaged_folder",
]
