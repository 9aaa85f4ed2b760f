"""Acme's rules: one package for each family, one module and one page for each rule."""
