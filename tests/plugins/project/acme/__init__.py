"""A team's own Keras code, which examples/plugin/mllint-knowledge.yaml is about."""
