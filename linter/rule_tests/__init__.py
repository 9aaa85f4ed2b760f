"""Rules and knowledge tested by what is written beside them: the programs on a rule's page, the cases of a file."""
