"""Training: the learning loop and the exact solution, over arrays and sums."""
