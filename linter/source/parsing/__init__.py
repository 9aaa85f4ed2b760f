"""From the text of a document to a tree of LibCST's nodes: exactly, or quickly and without the spaces."""
