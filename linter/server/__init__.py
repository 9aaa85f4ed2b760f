"""The language server: what editors are told of the documents that they have open.

The process that speaks the protocol reads no Python: that is done in worker processes (`workers`), which are asked what
is wrong (`analysis`), what could be written instead (`rewriting`) and what stands at a place (`understanding`). So a
long analysis holds up nothing else, and one that is out of date can be ended.
"""
