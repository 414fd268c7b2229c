"""All that a version says, as one plain structure: for files, for undo, for templates.

``docs/definition-file.md`` describes it key by key.
"""

from alignment.document.files import file_of, read_file, to_yaml
from alignment.document.reading import Document, read_document
from alignment.document.writing import SCHEMA, document_of

__all__ = ["SCHEMA", "Document", "document_of", "file_of", "read_document", "read_file", "to_yaml"]
