"""Tables of runs: which columns they have, what stands in their cells, and in which order."""
