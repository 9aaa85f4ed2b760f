"""Repairs carried out: changes in the words of the facts → edits of the text → proven on a copy → written."""
