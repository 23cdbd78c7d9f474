"""From figures to verdicts: the protocol's criteria applied, and both said in words."""
