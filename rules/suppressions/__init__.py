"""What comments that silence findings get wrong; mllint.suppressions reads them, for they are no facts of a model."""
