"""From counts to figures: the statistics of a round's questions, of its panel, and of who stayed and who left."""
