"""Who stayed and who left between rounds, and whether it changes what was found."""
